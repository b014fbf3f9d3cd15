"""`digits class grade`: grades a class, shows its progress, and sums up."""

from contextlib import closing
from pathlib import Path

from grader.choices import read_choices
from grader.classroom.attempts import with_earlier
from grader.classroom.collect.submissions import Found, Submission, find_submissions
from grader.classroom.folder import CourseFolder, locked
from grader.classroom.grade.queue import forget, grade_all, kept_record
from grader.classroom.grade.workers import AnyGrader, Grader
from grader.classroom.publish.overview import Row
from grader.classroom.secret import course_seed
from grader.classroom.students import safe_for_display
from grader.cli.classroom.course import open_course
from grader.cli.classroom.screen import display, sum_up
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_exercise

GRADER_ERROR = 3


def grade_class(
    root: Path,
    exercise: str | None,
    jobs: int | None,
    seed: str | None,
    student: str | None,
    force: bool,
    allow_unsafe: bool,
    cluster: str | None,
) -> int:
    """Grade what has no verdict yet; returns the exit status: 3 if the grader failed to grade a submission, else 0.

    Raises:
        CourseError: there is no class, another command is running in it, or this machine has no sandbox.
        EngineError: a result could not be saved.
    """
    terminal = Terminal()
    folder = open_course(root)
    attempts = read_choices(root).attempts
    found = find_submissions(folder, find_exercise(exercise) if exercise else None)
    found.submissions = [with_earlier(folder, each, attempts) for each in found.submissions]
    if student is not None:
        found.submissions = submissions_of(student, found)
    rows: dict[Submission, Row] = {}
    with locked(folder):
        secret = seed.encode() if seed is not None else course_seed(folder)
        if force:
            forget(folder, found.submissions)
        for submission in found.submissions:
            kept = kept_record(folder, submission, secret)
            if kept:
                rows[submission] = Row.of(kept)
        to_do = [submission for submission in found.submissions if submission not in rows]
        if not to_do and rows:
            terminal.line(f" {len(rows)} graded before and unchanged.")
        elif to_do:
            with closing(grader_for(folder, cluster, allow_unsafe)) as grader:
                at_a_time = jobs or grader.places({submission.lesson.runtime for submission in to_do})
                with (
                    display(terminal, len(to_do), len(rows), at_a_time) as show,
                    closing(grade_all(folder, to_do, secret, at_a_time, grader)) as graded,
                ):
                    try:
                        for submission, record in graded:
                            rows[submission] = Row.of(record)
                            show(rows[submission])
                    except KeyboardInterrupt:
                        say_stopped(terminal, len(rows), len(found.submissions))
                        raise
    in_order = [rows[submission] for submission in found.submissions]
    sum_up(terminal, folder, in_order, found)
    return GRADER_ERROR if any(row.is_grader_error for row in in_order) else 0


def submissions_of(student: str, found: Found) -> list[Submission]:
    """The submissions of one student.

    Raises:
        CourseError: there are none.
    """
    own = [submission for submission in found.submissions if submission.student == student]
    if not own:
        raise CourseError(f"There is no submission of {safe_for_display(student)!r} in submitted/.")
    return own


def say_stopped(terminal: Terminal, graded: int, count: int) -> None:
    """Say, when the instructor interrupts it, that nothing is lost."""
    terminal.line()
    terminal.line(f" Stopped. {graded} of {count} are graded; run it again to go on.")


def grader_for(folder: CourseFolder, cluster: str | None, allow_unsafe: bool) -> AnyGrader:
    """This machine, or the cluster at an address."""
    if cluster is None:
        return Grader(allow_unsafe, [folder.root])
    from grader.classroom.grade.cluster import ClusterGrader

    return ClusterGrader(cluster, allow_unsafe, [folder.root])

"""`digits class grade`: grades a class, shows its progress, and sums up."""

from contextlib import closing
from pathlib import Path

from grader.classroom.collect.submissions import Submission, find_submissions
from grader.classroom.folder import CourseFolder, locked
from grader.classroom.grade.queue import grade_all, kept_record
from grader.classroom.grade.workers import AnyGrader, Grader
from grader.classroom.publish.overview import Row
from grader.classroom.secret import course_seed
from grader.cli.classroom.screen import display, sum_up
from grader.cli.terminal import Terminal
from grader.course import find_lesson

GRADER_ERROR = 3


def grade_class(
    root: Path,
    exercise: str | None,
    jobs: int | None,
    seed: str | None,
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
    folder = CourseFolder(root)
    found = find_submissions(folder, find_lesson(exercise) if exercise else None)
    rows: dict[Submission, Row] = {}
    with locked(folder):
        secret = seed.encode() if seed is not None else course_seed(folder)
        for submission in found.submissions if not force else []:
            kept = kept_record(folder, submission, secret)
            if kept:
                rows[submission] = Row.of(kept)
        to_do = [submission for submission in found.submissions if submission not in rows]
        if not to_do and rows:
            terminal.line(f" {len(rows)} graded before and unchanged.")
        elif to_do:
            with closing(grader_for(cluster, allow_unsafe)) as grader:
                at_a_time = jobs or grader.places({submission.lesson.runtime for submission in to_do})
                with (
                    display(terminal, len(to_do), len(rows), at_a_time) as show,
                    closing(grade_all(folder, to_do, secret, at_a_time, grader)) as graded,
                ):
                    for submission, record in graded:
                        rows[submission] = Row.of(record)
                        show(rows[submission])
    in_order = [rows[submission] for submission in found.submissions]
    sum_up(terminal, folder, in_order, found)
    return GRADER_ERROR if any(row.is_grader_error for row in in_order) else 0


def grader_for(cluster: str | None, allow_unsafe: bool) -> AnyGrader:
    """This machine, or the cluster at an address."""
    if cluster is None:
        return Grader(allow_unsafe)
    from grader.classroom.grade.cluster import ClusterGrader

    return ClusterGrader(cluster, allow_unsafe)

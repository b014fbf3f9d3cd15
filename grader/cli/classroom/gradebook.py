"""`digits class release` and `gradebook`: assignments and results for nbgrader."""

from pathlib import Path

from grader.authoring.notebooks import is_edited, source_notebook
from grader.authoring.stubs import solution_path
from grader.choices import read_choices
from grader.classroom.collect.submissions import submitted_places
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.gradebook import assignments, enter_records
from grader.classroom.publish.release import Released, release
from grader.classroom.records import no_results, read_records
from grader.classroom.students import safe_for_display
from grader.cli.classroom.course import open_course, open_existing_course
from grader.cli.classroom.screen import tell_stale
from grader.cli.terminal import Terminal
from grader.course import REPOSITORY, CourseError, Lesson, find_exercise, ready_lessons
from grader.feedback.text import paragraph


def release_exercises(root: Path, names: list[str], fresh: bool) -> None:
    """Release exercises, by default all of them, and say where they are.

    Raises:
        CourseError: there is no course in the folder, there is no such exercise, or nbgrader has failed.
    """
    terminal = Terminal()
    folder = open_existing_course(root)
    for lesson in list(dict.fromkeys(map(find_exercise, names))) or ready_lessons():
        released = release_one(folder, lesson, fresh=fresh)
        terminal.line((f" {lesson.slug}", "title"), f"  for students: {folder.release / lesson.slug}")
        if released.was_edited:
            terminal.line(("   released as you have edited it; --fresh starts over from the course's version", "quiet"))
        for sentence in released.edits:
            terminal.lines(paragraph("  ", sentence, terminal.width))
        for path in released.kept:
            terminal.line((f"   the earlier one is kept in {path}", "quiet"))


def release_one(folder: CourseFolder, lesson: Lesson, url: str | None = None, fresh: bool = False) -> Released:
    """Release one exercise together with its lesson."""
    if not solution_path(lesson).is_file():
        missing = solution_path(lesson) if lesson.home else f"solutions/{lesson.stem}.py in this copy of the course"
        raise CourseError(f"There is no {safe_for_display(str(missing))}, from which the assignment would be made.")
    notebook = source_notebook(lesson, read_choices(folder.root).wheel)
    return release(folder, lesson, notebook, attachments_of(lesson), is_edited, url, fresh)


def attachments_of(lesson: Lesson) -> dict[str, Path]:
    """What students get besides their notebook, by its path there: the lesson and its pictures."""
    home = lesson.home or REPOSITORY / "lessons"
    pictures = sorted((home / "images" / lesson.stem).glob("*"))
    return {str(path.relative_to(home)): path for path in [home / f"{lesson.stem}.md", *pictures] if path.is_file()}


def fill_gradebook(root: Path, url: str | None = None) -> None:
    """Enter all records of a class, and say which need the instructor.

    Raises:
        CourseError: there are no records, or the gradebook cannot be used.
    """
    terminal = Terminal()
    folder = open_course(root)
    results = {(record.student, record.exercise): record for record in read_records(folder)}
    if not results:
        raise CourseError(no_results(folder))
    submitted = submitted_places(folder)
    stale = set() if submitted is None else results.keys() - submitted
    records = [record for place, record in results.items() if place not in stale]
    for slug in sorted({record.exercise for record in records} - assignments(folder, url)):
        # nbgrader cannot add cells to an assignment that has submissions, so they have to be there first.
        lesson = find_exercise(slug)
        if solution_path(lesson).is_file():
            release_one(folder, lesson, url)
            terminal.line(
                (f" {slug} had not been released, so its assignment was made in {folder.source / slug}.", "quiet")
            )
    entered = enter_records(folder, records, url)
    count = "1 result is" if entered.records == 1 else f"{entered.records} results are"
    terminal.line(f" {count} in the gradebook.")
    for problem in entered.problems:
        terminal.lines(paragraph("review", problem, terminal.width))
    tell_stale(terminal, sorted(stale))

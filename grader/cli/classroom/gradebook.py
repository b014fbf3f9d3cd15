"""`digits class release` and `gradebook`: assignments and results for nbgrader."""

from pathlib import Path

from grader.authoring.notebooks import is_edited, source_notebook
from grader.authoring.stubs import solution_path
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.gradebook import assignments, enter_records
from grader.classroom.publish.release import Released, release
from grader.classroom.records import read_records
from grader.cli.terminal import Terminal
from grader.course import REPOSITORY, CourseError, Lesson, find_lesson, ready_lessons
from grader.feedback.text import paragraph


def release_exercises(root: Path, names: list[str], fresh: bool) -> None:
    """Release exercises, by default all of them, and say where they are.

    Raises:
        CourseError: there is no course in the folder, there is no such exercise, or nbgrader has failed.
    """
    terminal = Terminal()
    folder = CourseFolder(root)
    if not folder.config.exists():
        raise CourseError(f"There is no course in {root}: make one with `digits class init {root}`.")
    for lesson in list(dict.fromkeys(map(find_lesson, names))) or ready_lessons():
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
        raise CourseError(
            f"This copy of the course has no solutions/{lesson.stem}.py, from which the assignment would be made."
        )
    lessons = REPOSITORY / "lessons"
    pictures = sorted((lessons / "images" / lesson.stem).glob("*"))
    attachments = {str(path.relative_to(lessons)): path for path in [lessons / f"{lesson.stem}.md", *pictures]}
    return release(folder, lesson, source_notebook(lesson), attachments, is_edited, url, fresh)


def fill_gradebook(root: Path, url: str | None = None) -> None:
    """Enter all records of a class, and say which need the instructor.

    Raises:
        CourseError: there are no records, or the gradebook cannot be used.
    """
    terminal = Terminal()
    folder = CourseFolder(root)
    exercises = {record.exercise for record in read_records(folder)}
    if not exercises:
        raise CourseError(f"There are no results in {folder.graded}. Run `digits class grade` first.")
    for slug in sorted(exercises - assignments(folder, url)):
        # nbgrader cannot add cells to an assignment that has submissions, so they have to be there first.
        lesson = find_lesson(slug)
        if solution_path(lesson).is_file():
            release_one(folder, lesson, url)
            terminal.line(
                (f" {slug} had not been released, so its assignment was made in {folder.source / slug}.", "quiet")
            )
    entered = enter_records(folder, url)
    results = "1 result is" if entered.records == 1 else f"{entered.records} results are"
    terminal.line(f" {results} in the gradebook.")
    for problem in entered.problems:
        terminal.lines(paragraph("review", problem, terminal.width))

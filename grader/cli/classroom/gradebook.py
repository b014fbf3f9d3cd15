"""`digits class gradebook`: the results of a class in nbgrader's gradebook."""

from pathlib import Path

from grader.authoring.stubs import solution_path
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.gradebook import assignments, enter_records
from grader.classroom.records import read_records
from grader.cli.classroom.release import release_one
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_lesson
from grader.feedback.text import paragraph


def fill_gradebook(folder: Path, url: str | None = None) -> None:
    """Enter all records of a class and say what came of it.

    Raises:
        CourseError: there are none, or the gradebook cannot be used.
    """
    terminal, course = Terminal(), CourseFolder(folder)
    exercises = {record.exercise for record in read_records(course)}
    if not exercises:
        raise CourseError(f"There are no results in {course.graded}: digits class grade makes them.")
    for slug in sorted(exercises - assignments(course, url)):
        # nbgrader can add no cells to an assignment once it has submissions, so these have to be there first.
        lesson = find_lesson(slug)
        if solution_path(lesson).is_file():
            release_one(course, lesson, url)
            terminal.line((f" {slug} was not released yet; its assignment is in {course.source / slug}", "quiet"))
    entered = enter_records(course, url)
    results = "1 result is" if entered.records == 1 else f"{entered.records} results are"
    terminal.line(f" {results} in the gradebook.")
    for problem in entered.problems:
        terminal.lines(paragraph("review", problem, terminal.width))

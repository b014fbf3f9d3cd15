"""`digits class release`: assignments for students, made by nbgrader from what the course derives."""

from pathlib import Path

from grader.authoring.notebooks import is_edited, source_notebook
from grader.authoring.stubs import solution_path
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.release import Released, release
from grader.cli.terminal import Terminal
from grader.course import REPOSITORY, CourseError, Lesson, find_lesson, ready_lessons


def release_exercises(folder: Path, names: list[str], afresh: bool) -> None:
    """Release exercises, or all that there are, and say where they are.

    Raises:
        CourseError: there is no course in the folder, no such exercise, or nbgrader has refused.
    """
    terminal, course = Terminal(), CourseFolder(folder)
    if not course.config.exists():
        raise CourseError(f"There is no course in {folder}: digits class init {folder} makes one.")
    for lesson in list(dict.fromkeys(map(find_lesson, names))) or ready_lessons():
        released = release_one(course, lesson, afresh=afresh)
        terminal.line((f" {lesson.slug}", "title"), f"  for students: {course.release / lesson.slug}")
        if released.was_edited:
            terminal.line(("   released as you have edited it; --fresh makes it anew from the course", "quiet"))
        for path in released.kept:
            terminal.line((f"   the one before is kept in {path}", "quiet"))


def release_one(course: CourseFolder, lesson: Lesson, url: str | None = None, afresh: bool = False) -> Released:
    """Release one exercise, with its lesson beside it."""
    if not solution_path(lesson).is_file():
        raise CourseError(f"This copy of the course has no solutions/{lesson.stem}.py to make the assignment from.")
    lessons = REPOSITORY / "lessons"
    pictures = sorted((lessons / "images" / lesson.stem).glob("*"))
    attachments = {str(path.relative_to(lessons)): path for path in [lessons / f"{lesson.stem}.md", *pictures]}
    return release(course, lesson, source_notebook(lesson), attachments, is_edited, url, afresh)

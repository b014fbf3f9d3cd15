"""Opens a course folder for a command."""

from pathlib import Path

from grader.choices import use_choices
from grader.classroom.folder import CourseFolder


def open_course(root: Path) -> CourseFolder:
    """A course folder, whose own settings hold from now on.

    Raises:
        CourseError: its settings cannot be read, or one of them makes no sense.
    """
    use_choices(root)
    return CourseFolder(root)

"""Opens a course folder for a command."""

from pathlib import Path

from grader.choices import use_choices
from grader.classroom.folder import CourseFolder, no_course
from grader.course import CourseError


def open_course(root: Path) -> CourseFolder:
    """A course folder, whose own settings hold from now on.

    Raises:
        CourseError: its settings cannot be read, or one of them makes no sense.
    """
    use_choices(root)
    return CourseFolder(root)


def open_existing_course(root: Path) -> CourseFolder:
    """Like `open_course`, for commands that write into a folder: not into one that only looks like a course's.

    Raises:
        CourseError: `digits class init` has not made it, or its settings cannot be read.
    """
    folder = open_course(root)
    if not folder.config.is_file():
        raise CourseError(no_course(root))
    return folder

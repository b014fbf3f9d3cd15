"""`digits class init`: a course folder to begin with."""

from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.setup import make_course
from grader.cli.terminal import Terminal


def init_course(folder: Path) -> None:
    """Make what is missing of a course folder and say what to do next."""
    terminal = Terminal()
    for name, is_new in make_course(CourseFolder(folder)):
        terminal.line(f" {'made' if is_new else 'kept'}  ", (name, "title"))
    terminal.line()
    terminal.line((" Next, in that folder: ", "quiet"), ("digits class release pixels", "title"))
    terminal.line((" README.md there tells the rest.", "quiet"))

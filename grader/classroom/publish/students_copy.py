"""The course as students and other services get it: without solutions, and with what the class decides for itself."""

import re
from collections.abc import Iterator
from pathlib import Path

from grader.choices import FILE, STUDENTS_COPY, read_choices
from grader.classroom.folder import CourseFolder
from grader.course import PACKAGE, REPOSITORY

WHEEL = re.compile(r"[\s#]*wheel\s*=")  # set, or not yet
OWN_FILES = ("checks.py",)  # of an instructor's own exercise; the solution beside them stays here


def files_of_copy(folder: CourseFolder) -> Iterator[tuple[str, bytes]]:
    """Every file of the package, by its path from the folder above it, and the settings of the class.

    Raises:
        CourseError: the settings cannot be read.
    """
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and not path.is_relative_to(STUDENTS_COPY):
            yield _name(path), path.read_bytes()
    if not (folder.root / FILE).is_file():
        return
    text = (folder.root / FILE).read_text("utf-8")
    # Where the copy itself will be found is nothing to it, and would change its version.
    yield _name(STUDENTS_COPY / FILE), "".join(line for line in text.splitlines(True) if not WHEEL.match(line)).encode()
    for slug, lesson in read_choices(folder.root).own.items():
        for name in OWN_FILES:
            yield _name(STUDENTS_COPY / "own" / slug / name), (lesson.checks_path.with_name(name)).read_bytes()


def _name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()

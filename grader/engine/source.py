"""Reads a submission's file, as bytes: the judge never decodes, parses or runs it."""

import stat
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError

MAX_BYTES = 5 * 1024 * 1024


class InvalidSubmission(Exception):
    """The file was handed in but cannot be read as a submission."""


@dataclass(frozen=True)
class Source:
    """A submission: its bytes, and the name under which the learner knows it."""

    code: bytes
    name: str


def read_source(path: Path) -> Source:
    """Read a submission.

    Raises:
        CourseError: there is no such file, or it is a folder, a device or a pipe.
        InvalidSubmission: the file is too large or is not Python.
    """
    name = _short(path)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise CourseError(f"There is no file {name} ({error.strerror}).") from None
    if stat.S_ISDIR(mode):
        raise CourseError(f"{name} is a folder; give the file to grade, for instance {name}/05_dense.py.")
    if not stat.S_ISREG(mode):
        raise CourseError(f"{name} is not an ordinary file.")
    if path.suffix != ".py":
        raise InvalidSubmission(f"{name} is not a Python file: its name should end in .py.")
    try:
        with path.open("rb") as file:
            code = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"{name} cannot be read ({error.strerror}).") from None
    if len(code) > MAX_BYTES:
        raise InvalidSubmission(f"{name} is larger than {MAX_BYTES // 1024 // 1024} MiB.")
    if b"\0" in code:
        raise InvalidSubmission(f"{name} holds NUL bytes; save it as UTF-8 text.")
    return Source(code, name)


def _short(path: Path) -> str:
    """The path as the learner would type it from the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)

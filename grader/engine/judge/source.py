"""Reads a submission's file, as bytes: the judge never compiles or runs it. Of a notebook it takes the code cells."""

import os
import stat
import zlib
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError
from grader.engine.judge.notebook_code import NotANotebook, code_of

MAX_INFORMATION = 4500  # bytes
MAX_BYTES = 5 * 1024 * 1024  # of code
MAX_NOTEBOOK_BYTES = 50 * 1024 * 1024  # with its outputs, which are not read


class InvalidSubmission(Exception):
    """The file is there but cannot be read as a submission."""


@dataclass(frozen=True)
class Source:
    """A submission: its bytes, and the name under which the learner knows it.

    Of a notebook there is also what was left out, in sentences, and the number of the line at which each code cell
    begins.
    """

    code: bytes
    name: str
    notes: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()

    @property
    def has_large_constant(self) -> bool:
        """True when the file, comments and all, holds more information than code of this course: data, perhaps weights.

        Compressing tells, for prose and code shrink and weights do not. The references compress to at most 2.4 kB.
        """
        return len(zlib.compress(self.code)) > MAX_INFORMATION

    def place(self, line: int) -> tuple[int, int]:
        """The code cell in which a line stands, counted from 1, and its number there; the cell is 0 without cells."""
        cell = bisect(self.cells, line)
        return (cell, line - self.cells[cell - 1] + 1) if cell else (0, line)

    def where(self, line: int) -> str:
        """The place of a line in words."""
        cell, line = self.place(line)
        return f"code cell {cell}, line {line}" if cell else f"line {line}"


def read_source(path: Path) -> Source:
    """Read a submission.

    Raises:
        CourseError: there is no such file, or it is a folder, a device or a pipe.
        InvalidSubmission: the file is too large, or is neither Python nor a notebook.
    """
    name = short_name(path)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise CourseError(f"There is no file {name} ({error.strerror}).") from None
    if stat.S_ISDIR(mode):
        raise CourseError(f"{name} is a folder; give the file to grade.")
    if not stat.S_ISREG(mode):
        raise CourseError(f"{name} is not an ordinary file.")
    _kind_of(name)  # what is neither Python nor a notebook stays closed
    try:
        with path.open("rb") as file:
            raw = file.read(most_bytes(name) + 1)
    except OSError as error:
        raise CourseError(f"{name} cannot be read ({error.strerror}).") from None
    return as_source(raw, name)


def as_source(raw: bytes, name: str) -> Source:
    """Take a file's bytes, as many as there are up to one more than `most_bytes`, for a submission.

    Raises:
        InvalidSubmission: they are too many, or neither Python nor a notebook.
    """
    kind = _kind_of(name)
    advice = "; clear its outputs in Jupyter and save it again" if kind == ".ipynb" else ""
    if len(raw) > most_bytes(name):
        raise InvalidSubmission(f"{name} is larger than {most_bytes(name) // 1024 // 1024} MiB{advice}.")
    source = Source(raw, name) if kind == ".py" else _read_notebook(raw, name)
    if len(source.code) > MAX_BYTES:
        raise InvalidSubmission(f"{name} holds more than {MAX_BYTES // 1024 // 1024} MiB of code.")
    if b"\0" in source.code:
        raise InvalidSubmission(f"{name} holds NUL bytes; save it as UTF-8 text.")
    return source


def most_bytes(name: str) -> int:
    """How large a file of this name may be."""
    return MAX_NOTEBOOK_BYTES if name.lower().endswith(".ipynb") else MAX_BYTES


def _kind_of(name: str) -> str:
    kind = Path(name).suffix.lower()
    if kind not in {".py", ".ipynb"}:
        raise InvalidSubmission(
            f"{name} is neither a Python file nor a notebook: its name should end in .py or .ipynb."
        )
    return kind


def _read_notebook(raw: bytes, name: str) -> Source:
    try:
        code, notes, cells = code_of(raw)
    except NotANotebook as error:
        raise InvalidSubmission(f"{name} {error}.") from None
    return Source(code, name, notes, cells)


def short_name(path: Path) -> str:
    """The path as the learner would type it from the current folder, in one line and safe to print."""
    here, file = os.getcwd(), os.path.abspath(path)
    shown = min(os.path.relpath(file, here), str(path), key=len)
    return "".join(character if character.isprintable() else "?" for character in str(shown))

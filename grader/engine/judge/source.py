"""Reads a submission's file, as bytes: the judge never compiles or runs it. Of a notebook it takes the code cells."""

import errno
import os
import stat
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError
from grader.engine.judge.notebook_code import NotANotebook, code_of

MAX_BYTES = 5 * 1024 * 1024  # of code
MAX_NOTEBOOK_BYTES = 50 * 1024 * 1024  # with its outputs, which are not read


class InvalidSubmission(Exception):
    """The file is there but cannot be read as a submission."""


@dataclass(frozen=True)
class Source:
    """A submission: its bytes, and the name under which the learner knows it.

    Of a notebook there is also what was left out, in sentences, and the number of the line at which each code cell
    begins. The first ``unnumbered`` of these cells are not the learner's, who counts from the one after them.
    """

    code: bytes
    name: str
    notes: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    unnumbered: int = 0

    def place(self, line: int) -> tuple[int, int]:
        """The code cell in which a line stands, counted from 1, and its number there; the cell is 0 without cells."""
        cell = bisect(self.cells, line)
        return (cell - self.unnumbered, line - self.cells[cell - 1] + 1) if cell > self.unnumbered else (0, line)

    def where(self, line: int) -> str:
        """The place of a line, in the form that editors turn into a link; of a notebook in words."""
        cell, line = self.place(line)
        return f"code cell {cell}, line {line}" if cell else f"{self.name}:{line}"


def read_source(path: Path, follow_links: bool = False) -> Source:
    """Read a submission.

    Args:
        follow_links: for one's own work alone. Somebody else's link could lead to a secret, which messages would quote.

    Raises:
        CourseError: there is no such file, or it is a folder, a device, a pipe or a link.
        InvalidSubmission: the file is too large, or is neither Python nor a notebook.
    """
    name = short_name(path)
    if not follow_links and path.is_symlink():
        raise CourseError(f"{name} is a link, and links are not followed. Give the file itself.")
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise CourseError(f"There is no file {name} ({error.strerror}).") from None
    if stat.S_ISDIR(mode):
        raise CourseError(f"{name} is a folder; there should be a file.")
    if not stat.S_ISREG(mode):
        raise CourseError(f"{name} is not an ordinary file.")
    _kind_of(name)  # what is neither Python nor a notebook stays closed
    try:
        raw = read_file(path, most_bytes(name) + 1, follow_links)
    except OSError as error:
        raise CourseError(f"{name} cannot be read ({error.strerror}).") from None
    return as_source(raw, name)


def read_file(path: Path, size: int, follow_links: bool = False) -> bytes:
    """The first bytes of an ordinary file, whatever takes its place in the meantime.

    Raises:
        OSError: it cannot be read, is a link, or is not an ordinary file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | (0 if follow_links else getattr(os, "O_NOFOLLOW", 0))
    with open(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not an ordinary file")
        return file.read(size)


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
    if kind == ".py" and b"\0" in source.code:  # of a notebook, it is one cell that is no Python
        raise InvalidSubmission(f"{name} contains NUL bytes; save it as UTF-8 text.")
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

"""Reads the Python code out of a notebook. The judge never compiles or runs it, so all this is work on text.

What only IPython understands is left out: lines with magics, shell commands or a request for help, and whole cells
that begin with ``%%``, but for the few such magics below which ordinary Python stands. Everything else stays as it is,
every line in its place within its cell.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

MAX_CELLS = 2000
MOST_ODD_BYTES = 5 * 1024 * 1024  # of a notebook that only Python's own, larger reader takes
MOST_NAMED = 5  # cells in a note
SAVE = "save it again from Jupyter"

# At the start of a statement: %magic, !command, ?name, or one of the first two after `name =`.
NOT_PYTHON = re.compile(r"[ \t\f]*(?:[%!?]|[^\W\d][\w ,.*\[\]]*=[ \t]*(?:!|%[^\W\d]))")
PYTHON_BELOW = re.compile(r"\A(\s*)%%(?:time|timeit|capture|prun)\b[^\n]*")  # cell magics around ordinary Python
CELL_MAGIC = re.compile(r"\s*(%%[\w.!]{0,20})")
OUTSIDE = re.compile(r"#|\"\"\"|'''|[\"'()\[\]{}]|\\$")  # what matters to a line outside of strings
INSIDE = {quote: re.compile(rf"\\.?|{quote}") for quote in ("'", '"', "'''", '"""')}  # and inside of each kind
INSTALLS_GRADER = re.compile(r"(?:#.*\n|\s)*try:\s+import grader\b")  # the first cell of a released notebook
NO_TEXT = re.compile("[\ud800-\udfff]")  # half of a character, which cannot be encoded
ENCODING = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")  # a comment from which Python would take the encoding


class NotANotebook(Exception):
    """The file is no notebook that can be read; the message continues the file's name."""


class Code(NamedTuple):
    """The code cells of a notebook, joined. ``cells`` holds the number of the line at which each of them begins."""

    text: bytes
    notes: tuple[str, ...]
    cells: tuple[int, ...]


def code_of(raw: bytes) -> Code:
    """Join the code cells of a notebook (nbformat 3 or 4) and note what was left out.

    Raises:
        NotANotebook: it cannot be read, or is none.
    """
    lines: list[str] = []
    starts: list[int] = []
    lines_left_out = 0
    cells_left_out: list[str] = []
    for number, cell in enumerate(_code_cells(_parse(raw)), start=1):
        starts.append(len(lines) + 1)
        cell = PYTHON_BELOW.sub(r"\1#", cell, count=1)  # noqa: PLW2901
        if magic := CELL_MAGIC.match(cell):
            cells_left_out.append(f"code cell {number} ({magic[1]})")
        elif cell:
            python, left_out = _python_lines(cell)
            lines += python
            lines_left_out += 0 if INSTALLS_GRADER.match(cell) else left_out
    lines[:2] = ["#" if ENCODING.match(line) else line for line in lines[:2]]  # a notebook is always UTF-8
    text = NO_TEXT.sub("\0", "".join(line + "\n" for line in lines))  # Python takes neither, so only the cell is lost
    return Code(text.encode(), tuple(_notes(lines_left_out, cells_left_out)), tuple(starts))


def _notes(lines: int, cells: list[str]) -> Iterator[str]:
    """What was left out, in sentences."""
    if lines:
        count, verb = ("1 line", "was") if lines == 1 else (f"{lines} lines", "were")
        yield f"{count} with magics or shell commands {verb} left out."
    if cells:
        named = [*cells[:MOST_NAMED], *([f"{len(cells) - MOST_NAMED} more"] if len(cells) > MOST_NAMED else [])]
        listed = " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
        yield f"{listed[0].upper()}{listed[1:]} {'were' if len(cells) > 1 else 'was'} left out: not Python."


class _Cell(msgspec.Struct):
    """Of a cell only what matters here; its outputs are skipped without being read into memory."""

    cell_type: str
    source: str | list[str] | None = None
    input: str | list[str] | None = None  # nbformat 3


class _Sheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] = []  # nbformat 3


def _parse(raw: bytes) -> _Notebook:
    try:
        text = raw.decode("utf-8-sig")
        try:
            return msgspec.json.decode(text, type=_Notebook)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            if len(raw) > MOST_ODD_BYTES:
                raise
            return msgspec.convert(json.loads(text), _Notebook)  # which takes half of a character in an output
    except UnicodeDecodeError:
        raise NotANotebook(f"is not UTF-8 text; {SAVE}") from None
    except RecursionError:
        raise NotANotebook(f"is nested too deeply for a notebook; {SAVE}") from None
    except msgspec.ValidationError:
        raise NotANotebook(f"is JSON, but no notebook; {SAVE}") from None
    except ValueError:  # also msgspec's
        raise NotANotebook(f"is not a notebook, or is incomplete; {SAVE}") from None


def _code_cells(notebook: _Notebook) -> Iterator[str]:
    """The source of each code cell, with the line ends that Python sees."""
    cells = notebook.cells if notebook.cells is not None else [c for sheet in notebook.worksheets for c in sheet.cells]
    if not cells:
        raise NotANotebook(f"holds no cells; {SAVE}")
    if len(cells) > MAX_CELLS:
        raise NotANotebook(f"holds more than {MAX_CELLS} cells; delete those that the exercise does not need")
    for cell in cells:
        if cell.cell_type == "code":
            source = cell.source if cell.source is not None else cell.input
            if source is None:
                raise NotANotebook(f"is JSON, but no notebook; {SAVE}")
            yield "".join(source).replace("\r\n", "\n").replace("\r", "\n")


def _python_lines(cell: str) -> tuple[list[str], int]:
    """The lines of a cell, blank where they are IPython's own, and how many commands those were."""
    lines = cell.removesuffix("\n").split("\n")
    common = _indent(next(filter(str.strip, lines), ""))  # IPython lets a whole cell be indented
    lines = [line.removeprefix(common) for line in lines]
    statement, goes_on, left_out = _Statement(), False, 0
    for number, line in enumerate(lines):
        if goes_on:  # the line before belongs to a command and ends with a backslash
            lines[number] = ""
        elif statement.is_over:
            goes_on = bool(NOT_PYTHON.match(line))
            if goes_on or statement.read(line).asks_for_help:
                lines[number] = _indent(line) and _indent(line) + "pass"  # which may be all that a block holds
                left_out += 1
        else:
            statement.read(line)
        goes_on = goes_on and line.endswith("\\")
    return lines, left_out


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


class _Statement:
    """Reads a statement line by line and knows what is still open: brackets, a string, a backslash at the end."""

    def __init__(self) -> None:
        self.is_over, self.asks_for_help = True, False
        self._brackets, self._quote = 0, ""

    def read(self, line: str) -> "_Statement":
        position, token = 0, ""
        while token != "#" and (found := (INSIDE.get(self._quote) or OUTSIDE).search(line, position)):
            position, token = found.end(), found.group()
            if self._quote:
                self._quote = "" if token == self._quote else self._quote
            elif token in INSIDE:
                self._quote = token
            elif token in "([{":
                self._brackets += 1
            elif token in ")]}":
                self._brackets = max(0, self._brackets - 1)
        continues = token == "\\"
        if len(self._quote) == 1 and not continues:
            self._quote = ""  # an error in Python; the next line is code again
        self.is_over = not (self._brackets or self._quote or continues)
        self.asks_for_help = self.is_over and token != "#" and line.rstrip().endswith("?")
        return self

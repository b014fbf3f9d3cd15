"""What the cells of a lesson print, as the lesson's Markdown records it: in a ```text fence right below the cell.

The first line of such a fence may end in a tolerance: ``+-0.02``, in the units printed, or ``+-10%``, or both. A number
is right if one of them holds. Without a tolerance, the output has to be the same.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import nbformat

from grader.course import CourseError

FENCE = re.compile(r"(`{3,}|~{3,})\s*([^`]*?)\s*")
TOLERANCE = re.compile(r"\+-(\d+(?:\.\d+)?(?:e-?\d+)?)(%?)")
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+|(?=\.\d))(?:\.\d*)?(?:e[-+]?\d+)?")
ESCAPE = re.compile(r"\x1b\[[\d;]*m")  # colors
ENDS_FENCE = re.compile("^ {0,3}```", re.MULTILINE)
OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")  # a line that a progress bar has replaced
SLACK = 1e-9  # 0.92 and 0.90 differ by no more than 0.02


@dataclass(frozen=True)
class Fence:
    """A fenced part of a Markdown text: what follows the backticks, what it holds, and its lines from 0 on."""

    info: str
    content: str
    first: int
    last: int


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be off, in its own units or as a share of itself."""

    absolute: float = 0.0
    relative: float = 0.0

    def allows(self, written: float, printed: float) -> bool:
        off = abs(written - printed)
        return off <= max(self.absolute, self.relative * abs(written)) + SLACK


@dataclass(frozen=True)
class RecordedCell:
    """A code cell of a lesson, and the output that the lesson records.

    ``written`` is None if there is no output; ``words`` is the tolerance as the author wrote it. The output is in the
    lines ``begin`` to ``end``, the empty lines before it included; for a cell without one, both are the line after it.
    """

    code: str
    written: str | None
    words: str
    begin: int
    end: int

    @property
    def first_line(self) -> str:
        return first_line(self.code)

    @property
    def tolerance(self) -> Tolerance:
        return read_tolerance(self.words)

    def differences(self, printed: str) -> list[str]:
        """How the recorded output differs from what the cell printed, one sentence each."""
        if (self.written is None) != (not printed):
            return ["It prints nothing." if self.written is not None else "Its output is not written down."]
        return differences(self.written or "", printed, self.tolerance)


def first_line(code: str) -> str:
    return next((line.strip() for line in code.splitlines() if line.strip()), "")


# Reading


def fences(markdown: str) -> Iterator[Fence]:
    """The fenced parts of a text that begin at the edge of the page.

    Raises:
        CourseError: a fence has no end.
    """
    lines = markdown.split("\n")
    first, ticks, info = 0, "", ""  # of the fence that is open, if any
    for number, line in enumerate(lines):
        found = FENCE.fullmatch(line)
        if found and not ticks:
            first, (ticks, info) = number, found.groups()
        elif found and not found[2] and found[1].startswith(ticks):
            yield Fence(info, "\n".join(lines[first + 1 : number]), first, number)
            ticks = ""
    if ticks:
        raise CourseError(f"The fence in line {first + 1} has no end. Add the line {ticks}")


def recorded_cells(markdown: str) -> list[RecordedCell]:
    """The code cells of a lesson with their outputs.

    Raises:
        CourseError: an output is not below a cell, or its tolerance is not one.
    """
    lines, cells, before = markdown.split("\n"), [], None
    for fence in fences(markdown):
        language, _, words = fence.info.partition(" ")
        if language == "python":
            cells.append(RecordedCell(fence.content, None, "", fence.last + 1, fence.last + 1))
        elif language == "text":
            if before is None or any(line.strip() for line in lines[before.last + 1 : fence.first]):
                raise CourseError(f"The output in line {fence.first + 1} is not right below a cell. Move or delete it.")
            cells[-1] = RecordedCell(cells[-1].code, fence.content, words.strip(), before.last + 1, fence.last + 1)
            read_tolerance(words)
        before = fence if language == "python" else None
    return cells


def read_tolerance(words: str) -> Tolerance:
    """A tolerance from the first line of a fence.

    Raises:
        CourseError: the words are none.
    """
    found = [TOLERANCE.fullmatch(word) for word in words.split()]
    if not all(found):
        raise CourseError(f"{words.strip()!r} is no tolerance. Write +-0.02, in the units printed, or +-10%, or both.")
    parts = [(float(match[1]), bool(match[2])) for match in found if match]
    absolute = max((value for value, is_share in parts if not is_share), default=0.0)
    return Tolerance(absolute, max((value / 100 for value, is_share in parts if is_share), default=0.0))


def printed_by(cell: nbformat.NotebookNode) -> str:
    """What an executed cell printed, and the value of its last line, without colors and spaces at the ends of lines."""
    text = "".join(
        output["text"] if output["output_type"] == "stream" else output["data"].get("text/plain", "") + "\n"
        for output in cell.outputs
        if output.get("name") == "stdout" or output["output_type"] == "execute_result"
    )
    return tidy(OVERWRITTEN.sub("", ESCAPE.sub("", text)))


def tidy(text: str) -> str:
    """A text without spaces at the ends of lines and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


# Comparing


def differences(written: str, printed: str, tolerance: Tolerance) -> list[str]:
    """How an output differs from the recorded one, one sentence for each line; nothing if it is right."""
    pairs = zip_longest(tidy(written).split("\n"), tidy(printed).split("\n"))
    return [said for number, pair in enumerate(pairs, start=1) if (said := difference(number, *pair, tolerance))]


def difference(number: int, written: str | None, printed: str | None, tolerance: Tolerance) -> str:
    if written is None:
        return f"Line {number} is not written down: {printed!r}."
    if printed is None:
        return f"Line {number} was not printed: {written!r}."
    if written == printed:
        return ""
    if tolerance != Tolerance() and words_of(written) == words_of(printed):
        pairs = list(zip(NUMBER.findall(written), NUMBER.findall(printed), strict=True))
        wrong = [pair for pair in pairs if not tolerance.allows(*map(number_of, pair))]
        if not wrong:
            return ""
        said = ", ".join(f"{new} instead of {old}" for old, new in wrong)
        return f"Line {number} has {said}: {printed!r}."
    return f"Line {number} is {printed!r} instead of {written!r}."


def words_of(line: str) -> list[str]:
    """What stands between the numbers of a line. Spaces beside a number may only align it."""
    return [" ".join(part.split()) for part in NUMBER.split(line)]


def number_of(text: str) -> float:
    return float(text.replace(",", ""))


# Writing


def with_outputs(markdown: str, printed: Iterable[str]) -> tuple[str, list[RecordedCell]]:
    """A lesson with the outputs of its cells written down, and the cells whose output has changed.

    An output that is right within its tolerance stays as it is, and so does everything that is not an output.

    Args:
        printed: what each cell printed, in order.

    Raises:
        CourseError: an output cannot be in a fence.
    """
    lines, changed = markdown.split("\n"), []
    for cell, text in reversed(list(zip(recorded_cells(markdown), printed, strict=True))):
        if cell.differences(text):
            lines[cell.begin : cell.end] = ["", *output_fence(text, cell)] if text else []
            changed.append(cell)
    return "\n".join(lines), changed[::-1]


def output_fence(text: str, cell: RecordedCell) -> list[str]:
    if ENDS_FENCE.search(text):  # Jupytext knows no longer fences than ```
        raise CourseError(
            f"The output of the cell {cell.first_line!r} has a line that begins with ```. Indent it more."
        )
    return [f"```text {cell.words}".rstrip(), *text.split("\n"), "```"]

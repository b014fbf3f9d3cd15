"""Feedback in words: the result of a check as lines of styled text, the same in a terminal, pytest and a notebook.

A line is a list of (text, style) pairs. Styles are names of meanings ("good", "bad", "quiet", …); the printer chooses
the colors.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from grader.verdict import CheckResult

Line = list[tuple[str, str]]

MARKS = {  # outcome: (mark, the same in ASCII, style)
    "passed": ("✓", "+", "good"),
    "failed": ("✗", "x", "bad"),
    "timeout": ("✗", "x", "bad"),
    "memory": ("✗", "x", "bad"),
    "crashed": ("✗", "x", "bad"),
    "not_attempted": ("·", "-", "quiet"),
    "skipped": ("·", "-", "quiet"),
    "grader_error": ("!", "!", "bad"),
}
MOST_LINES, LONGEST_LINE = 10, 200  # of what was printed; characters
LABEL_WIDTH = 10
NARROW = 50  # columns below which the feedback moves to the left
MARGIN, NARROW_MARGIN = 9, 3  # columns left of the feedback
INDENT = 2
ROW = re.compile(r"(\[+)([^\[\]]*)(\]+)")  # of a matrix: the brackets before its numbers, and those after them
PADDING = re.compile(r" +(?=[],])")  # of a number that has fewer decimals than others
MATRIX = re.compile(r"(\w+=)?(\[\[+[^\[\]]*\]+(?:, \[+[^\[\]]*\]+)*)([,)])")  # as an argument, and what follows it


def feedback(result: CheckResult, width: int = 80, unicode: bool = True) -> Iterator[Line]:
    """The lines for one check: its mark, points and title, and the feedback below them."""
    mark, ascii_mark, style = MARKS[result.outcome]
    points = f"{result.points:g}/{result.max_points:g}"
    title = _wrap(result.title, width - 9)
    yield [(f" {mark if unicode else ascii_mark} ", style), (f"{points:>4}  ", "quiet"), (title[0], "title")]
    for rest in title[1:]:
        yield [(" " * 9 + rest, "title")]
    for label, text, text_style in rows(result, _room(width)):
        yield from _row(label, text, text_style, width)


def rows(result: CheckResult, room: int = 60) -> Iterator[tuple[str, str, str]]:
    """The feedback on a check: (label, text, style).

    Args:
        room: columns for the text. A call that is wider shows each row of a matrix on a line of its own.
    """
    if result.outcome in {"skipped", "not_attempted"}:
        yield "", result.message, "quiet"
        return
    if result.outcome == "passed":
        if "accuracy" in result.measurements:
            yield "reached", f"about {result.measurements['accuracy']:.0%} of unseen digits right", "quiet"
        yield from printed(result)
        return
    if result.called:
        yield "called", _call(result.called, room), ""
    if result.returned:
        yield "", result.returned, "bad"
        yield "expected", result.expected, "good"
    elif result.outcome == "failed":
        yield "went wrong", result.raised or result.message, "bad"
        if result.where:
            yield "at", result.where, ""
            yield "", result.code, ""
    else:
        yield result.outcome.replace("_", " "), result.message, "bad"
    if result.mistake:
        yield "mistake", result.mistake, "name"
        yield "", result.explanation, ""
    if result.hint:
        yield "question", result.hint, "question"
    yield from printed(result)


def printed(result: CheckResult) -> Iterator[tuple[str, str, str]]:
    """What the learner's code printed, line by line as it did, but not all of it."""
    if not result.printed:
        return
    lines = result.printed.split("\n")
    shown = [f"{line[:LONGEST_LINE]}…" if len(line) > LONGEST_LINE else line for line in lines[:MOST_LINES]]
    more = len(lines) - len(shown) + result.lost
    if more:
        shown.append(f"… {more:,} more line{'s' if more > 1 else ''}")
    yield "printed", "\n".join(shown), "quiet"


def is_folded(result: CheckResult) -> bool:
    """Whether a check has nothing to say but that its function, or that of another check, is to be written first."""
    return result.outcome in {"not_attempted", "skipped"} or bool(result.function)


def title_lines(number: int, title: str, beside: str = "", width: int = 80) -> list[Line]:
    """An exercise, and its file or what else belongs beside its title: in one line if they fit."""
    start = f" {number}  "
    if len(f"{start}{title}   {beside}") <= width:
        return [[(f"{start}{title}", "heading"), *([(f"   {beside}", "quiet")] if beside else [])]]
    indent = " " * len(start)
    lines = textwrap.wrap(title, max(10, width - len(start)), initial_indent=start, subsequent_indent=indent)
    return [*([(line, "heading")] for line in lines), *([[(f"{indent}{beside}", "quiet")]] if beside else [])]


def folded(results: Sequence[CheckResult], width: int = 80, unicode: bool = True) -> Iterator[Line]:
    """All checks that have nothing to say, in the lines of `still_open`."""
    for quiet, sentence in still_open(results):
        yield from _folded(quiet, sentence, width, unicode)


def still_open(results: Sequence[CheckResult]) -> Iterator[tuple[list[CheckResult], str]]:
    """The checks that have nothing to say and a phrase for them: the functions that are to be written, and how many
    checks wait for others.

    Args:
        results: of a whole exercise.
    """
    quiet = [result for result in results if is_folded(result)]
    unwritten = [result for result in quiet if result.function]
    waiting = [result for result in quiet if not result.function]
    more = " more" if len(quiet) < len(results) else ""
    names = list(dict.fromkeys(result.function for result in unwritten))
    if names:
        yield unwritten, f"{len(names)}{more} to write: {', '.join(names)}"
    if waiting:
        checks = "check waits" if len(waiting) == 1 else "checks wait"
        more = " more" if len(waiting) < len(results) else ""
        yield waiting, f"{len(waiting)}{more} {checks} for the ones above"


def plain(result: CheckResult, width: int = 80) -> str:
    """The same feedback as text without styles."""
    return "\n".join("".join(text for text, _ in line) for line in feedback(result, width))


def paragraph(label: str, text: str, width: int, style: str = "bad") -> Iterator[Line]:
    """A labeled sentence about the whole submission, wrapped; the style applies to the label."""
    for number, line in enumerate(_wrap(text, width - len(label) - 3)):
        yield [(f" {label if number == 0 else ' ' * len(label)}  ", style if number == 0 else ""), (line, "")]


def wrapped_line(parts: Iterable[tuple[str, str]], width: int) -> Iterator[Line]:
    """A line of styled parts, in more lines where it is too long for one. Each begins with a space. A part in the style
    of a title is a command to type: it stays in one line if it fits in one."""
    line, used = Line(), 0
    for word, style in _words(parts, width):
        if line and used + len(word) > width:
            yield line
            line, used = Line(), 0
        used += len(word)
        if line and line[-1][1] == style:
            line[-1] = (line[-1][0] + word, style)
        else:
            line.append((word, style))
    yield line


def command_rows(effects: Mapping[str, str], width: int) -> Iterator[Line]:
    """Commands and what they do: beside each other if all of them fit, otherwise below each other."""
    widest = max(map(len, effects))
    is_beside = all(3 + widest + 4 + len(effect) <= width for effect in effects.values())
    for command, effect in effects.items():
        if is_beside:
            yield [(f"   {command:<{widest}}", "title"), (f"    {effect}", "")]
        else:
            yield from ([(f"   {line}", "title")] for line in _wrap(command, width - 3))
            yield from ([(f"     {line}", "")] for line in _wrap(effect, width - 5))


def training_share(figures: Mapping[str, float]) -> float | None:
    """How much of a training is done, 0 to 1, according to the runner; None if it does not say."""
    epochs, steps = figures.get("epochs", 0), figures.get("steps", 0)
    if epochs <= 0 or steps <= 0:
        return None
    return min(1.0, max(0.0, (figures.get("epoch", 0) + figures.get("step", 0) / steps) / epochs))


def training_place(figures: Mapping[str, float]) -> str:
    """The progress of a training in words."""
    epochs = int(figures.get("epochs", 0))
    parts = [f"epoch {min(epochs, int(figures.get('epoch', 0)) + 1)} of {epochs}"]
    parts += [f"loss {figures['loss']:.3g}"] if "loss" in figures else []
    parts += [f"accuracy {figures['accuracy']:.0%}"] if 0 <= figures.get("accuracy", -1) <= 1 else []
    return " · ".join(parts)


def _folded(results: Sequence[CheckResult], text: str, width: int, unicode: bool) -> Iterator[Line]:
    mark, ascii_mark, style = MARKS["not_attempted"]
    points = f"0/{sum(result.max_points for result in results):g}"
    for number, line in enumerate(_wrap(text, width - 9)):
        head = [(f" {mark if unicode else ascii_mark} ", style), (f"{points:>4}  ", "quiet")]
        yield [*(head if number == 0 else [(" " * 9, "")]), (line, "")]


def _words(parts: Iterable[tuple[str, str]], width: int) -> Iterator[tuple[str, str]]:
    for text, style in parts:
        is_whole = style == "title" and len(text) < width
        yield from ((f" {word}", style) for word in ([text.strip()] if is_whole else text.split()))


def _row(label: str, text: str, style: str, width: int) -> Iterator[Line]:
    margin = MARGIN if width >= NARROW else NARROW_MARGIN
    if style == "quiet" and not label:  # a sentence in place of the feedback
        yield from ([(" " * margin + line, style)] for line in _wrap(text, width - margin))
        return
    room, lines = _room(width), text.split("\n")
    widest = max(map(len, lines))
    if label == "printed" and widest > room:  # its columns align only in whole lines
        below = margin + INDENT if widest <= width - margin - INDENT else NARROW_MARGIN
        yield [(" " * margin + label, "quiet")]
        yield from ([(" " * below + line, style)] for line in value_lines(text, width - below))
        return
    for number, line in enumerate(value_lines(text, room)):
        shown = label if number == 0 else ""
        yield [(" " * margin + f"{shown:<{LABEL_WIDTH}} ", "quiet"), (line, style)]


def value_lines(text: str, room: int) -> Iterator[str]:
    """The lines of a text, wrapped. What continues a row of a matrix stands further to the right than its beginning."""
    for line in text.split("\n"):
        start = len(line) - len(line.lstrip(" "))
        indent = start + len(line[start:]) - len(line[start:].lstrip("["))
        hung = min(indent + (indent > start), max(0, room - 20))
        tied = PADDING.sub(lambda blanks: blanks[0].replace(" ", "\xa0"), line)  # a number keeps its comma or bracket
        yield from (part.replace("\xa0", " ") for part in _wrap(tied, room, hung))


def _room(width: int) -> int:
    """Columns for the text beside a label."""
    return width - (MARGIN if width >= NARROW else NARROW_MARGIN) - LABEL_WIDTH - 1


def _call(text: str, room: int) -> str:
    """A call, with each row of a matrix on a line of its own below the first, unless all of it fits in one line."""
    name, _, rest = text.partition("(")
    if len(text) <= room or "[[" not in rest or not rest.endswith(")"):
        return text
    beside, below = (_arguments(rest, indent, room) for indent in (len(name) + 1, INDENT))
    if max(map(len, beside)) <= room:
        return f"{name}(" + "\n".join(beside).lstrip(" ")
    return "\n".join([f"{name}(", *below])


def _arguments(text: str, indent: int, room: int) -> list[str]:
    """The arguments of a call and its closing bracket: matrices on lines of their own, other values together."""
    lines = [""]
    for argument in _separated(text):
        first, *others = _matrix(argument)
        is_matrix = bool(others) or lines[-1].startswith(" ")  # this argument, or the one before
        if lines[-1] and (is_matrix or indent + len(f"{lines[-1]} {first}") > room):
            lines.append("")
        lines[-1] = f"{lines[-1]} {first}".lstrip(" ")
        lines += others
    return [" " * indent + line for line in lines]


def _separated(text: str) -> list[str]:
    """The arguments of a call, each with the comma or bracket after it."""
    found, depth = [""], 0
    for mark in text:
        depth += (mark in "([") - (mark in ")]")
        found[-1] += mark
        if mark == "," and depth == 0:
            found.append("")
    return [argument.strip() for argument in found]


def _matrix(text: str) -> list[str]:
    """An argument in lines: the rows of a matrix below each other, anything else whole."""
    match = MATRIX.fullmatch(text)
    if not match:
        return [text]
    name, matrix, last = match.groups("")
    rows = ROW.findall(matrix)
    depth = len(name + rows[0][0])
    numbers = _aligned([row.split(",") for _, row, _ in rows])
    ends = [*([","] * (len(rows) - 1)), last]
    lines = [f"{row[0]:>{depth}}{shown}{row[2]}{end}" for row, shown, end in zip(rows, numbers, ends, strict=True)]
    return [name + lines[0][len(name) :], *lines[1:]]


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    """The numbers of a matrix, with their decimal points below each other."""
    parts = [[cell.strip().partition(".") for cell in row] for row in rows]
    before = max(len(whole) for row in parts for whole, _, _ in row)
    after = max(len(point + rest) for row in parts for _, point, rest in row)
    for row in parts:
        yield ", ".join(f"{whole:>{before}}{point + rest:<{after}}" for whole, point, rest in row)


def _wrap(text: str, width: int, indent: int = 0) -> list[str]:
    found = textwrap.wrap(text, max(20, width), subsequent_indent=" " * indent, break_on_hyphens=False)
    return found or [""]

"""Feedback in words: the result of a check as lines of styled text, the same in a terminal, pytest and a notebook.

A line is a list of (text, style) pairs. Styles are names of meanings ("good", "bad", "quiet", …); the printer chooses
the colors.
"""

import textwrap
from collections.abc import Iterator, Mapping

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
LABEL_WIDTH = 10
NARROW = 50  # columns below which the feedback moves to the left
INDENT = 2


def feedback(result: CheckResult, width: int = 80, unicode: bool = True) -> Iterator[Line]:
    """The lines for one check: its mark, points and title, and the feedback below them."""
    mark, ascii_mark, style = MARKS[result.outcome]
    points = f"{result.points:g}/{result.max_points:g}"
    title = _wrap(result.title, width - 9)
    yield [(f" {mark if unicode else ascii_mark} ", style), (f"{points:>4}  ", "quiet"), (title[0], "title")]
    for rest in title[1:]:
        yield [(" " * 9 + rest, "title")]
    for label, text, text_style in rows(result):
        yield from _row(label, text, text_style, width)


def rows(result: CheckResult) -> Iterator[tuple[str, str, str]]:
    """The feedback on a check: (label, text, style)."""
    if result.outcome in {"skipped", "not_attempted"}:
        yield "", result.message, "quiet"
        return
    if result.outcome == "passed":
        if "accuracy" in result.measurements:
            yield "reached", f"about {result.measurements['accuracy']:.0%} of unseen digits right", "quiet"
        if result.printed:
            yield "printed", result.printed[:200], "quiet"
        return
    if result.called:
        yield "called", result.called, ""
    if result.returned:
        yield "", result.returned, "bad"
        yield "expected", result.expected, "good"
    elif result.outcome == "failed":
        yield "went wrong", result.message, "bad"
    else:
        yield result.outcome.replace("_", " "), result.message, "bad"
    if result.mistake:
        yield "mistake", result.mistake, "name"
        yield "", result.explanation, ""
    if result.hint:
        yield "question", result.hint, "question"
    if result.printed:
        yield "printed", result.printed[:200], "quiet"


def plain(result: CheckResult, width: int = 80) -> str:
    """The same feedback as text without styles."""
    return "\n".join("".join(text for text, _ in line) for line in feedback(result, width))


def paragraph(label: str, text: str, width: int, style: str = "bad") -> Iterator[Line]:
    """A labeled sentence about the whole submission, wrapped; the style applies to the label."""
    for number, line in enumerate(_wrap(text, width - len(label) - 3)):
        yield [(f" {label if number == 0 else ' ' * len(label)}  ", style if number == 0 else ""), (line, "")]


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


def _row(label: str, text: str, style: str, width: int) -> Iterator[Line]:
    indent = 9 if width >= NARROW else 3
    for number, line in enumerate(_wrap(text, width - indent - LABEL_WIDTH - 1)):
        shown = label if number == 0 else ""
        yield [(" " * indent + f"{shown:<{LABEL_WIDTH}} ", "quiet"), (line, style)]


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(20, width), break_on_hyphens=False) or [""]

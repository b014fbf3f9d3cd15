"""Hints in words: the same in a terminal, on the page of `digits watch` and in a notebook."""

import textwrap
from collections.abc import Iterator

from grader.feedback.text import Line

LEVELS = ("question", "concept", "worked hint")


def hint_lines(hints: tuple[str, ...], level: int, width: int) -> Iterator[Line]:
    """The hints so far; only the newest one stands out."""
    indent = 9
    for number, (name, hint) in enumerate(zip(LEVELS, hints, strict=True), start=1):
        if number <= level:
            style = "question" if number == level else "quiet"
            yield [(f"{'':{indent}}hint {number} of {len(hints)}: {name}", "quiet")]
            for line in textwrap.wrap(hint, max(10, width - indent - 3), break_on_hyphens=False):
                yield [(f"{'':{indent + 2}}{line}", style)]

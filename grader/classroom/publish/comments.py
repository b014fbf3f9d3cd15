"""What the gradebook says to a student beside their answers: the feedback of checks, as nbgrader's comments.

nbgrader has comments for answer cells, not for test cells; so each stands with the function that it is about. It turns
them into HTML by way of Markdown, and only an indented block keeps every character as it is.
"""

import re
import textwrap
from collections.abc import Sequence

from grader.feedback.text import paragraph, plain
from grader.verdict import CheckResult, Verdict

INDENT = " " * 4
WIDTH = 68  # which nbgrader's pages have room for
PREFIX = "answer_"  # before the name of the function that an answer cell is for


def comments(verdict: Verdict, cells: Sequence[str]) -> dict[str, str]:
    """The comment for each answer cell about which there is something to say.

    Args:
        cells: the names of the notebook's answer cells.
    """
    if not cells:
        return {}
    said: dict[str, list[str]] = {}
    if verdict.message:
        label = "note" if verdict.outcome == "graded" else verdict.outcome.replace("_", " ")
        lines = paragraph(label, verdict.message, WIDTH)
        said[cells[0]] = ["\n".join("".join(text for text, _ in line) for line in lines)]
    for result in verdict.checks:
        if result.outcome != "passed":
            said.setdefault(_cell(result, cells), []).append(plain(result, WIDTH))
    return {cell: textwrap.indent("\n\n".join(texts), INDENT) for cell, texts in said.items()}


def _cell(result: CheckResult, cells: Sequence[str]) -> str:
    """The answer cell of the function that a result names first; the first cell if it names none."""
    words = re.findall(r"\w+", f"{result.called} {result.message} {result.name}")
    return next((PREFIX + word for word in words if PREFIX + word in cells), cells[0])

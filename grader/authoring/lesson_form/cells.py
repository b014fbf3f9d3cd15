"""Cells and what a renderer makes of the lines between them: folds, and comments that would end a paragraph."""

import re
from collections.abc import Iterator
from itertools import pairwise

from grader.authoring.lesson_form.page import Page
from grader.authoring.outputs import recorded_cells
from grader.authoring.rendered import text_of
from grader.course import CourseError

MOST_DRAWING_LINES = 5
DRAWS = re.compile(r"\b(?:figure|axes|panels?|plt)\b|\bshow\(")
FENCE = re.compile(r"^```.*?^```$|`[^`]+`|<!--.*?-->", re.MULTILINE | re.DOTALL)  # what no formula is in
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+\$", re.DOTALL)
IMPORTS_MATPLOTLIB = re.compile(r"^\s*(?:import|from) matplotlib\b", re.MULTILINE)


def wrong_folds(page: Page) -> Iterator[str]:
    if any(
        node.tag == "code" and node.is_folded and "language-python" in node.element.get("class", "")
        for node in page.nodes
    ):
        yield f"{page.name} has a Python fence in a fold, which would run as a cell. Move it out of the fold."
    lines = [line.strip() for line in [*page.text.split("\n"), "", ""]]
    for number, (line, summary, after) in enumerate(zip(lines, lines[1:], lines[2:], strict=False), start=1):
        is_complete = line == "<details>" and summary.startswith("<summary>") and not after
        if line.startswith("<details>") and not is_complete:
            yield f"The fold in line {number} of {page.name} needs its summary in the next line, then an empty line."
        if line.startswith("</details>") and lines[number - 2]:
            yield f"Line {number} of {page.name}, </details>, needs an empty line before it."


def wrong_cells(page: Page) -> Iterator[str]:
    try:
        cells = recorded_cells(page.text)
    except CourseError as error:
        yield f"{page.name}: {error}"
        return
    for cell in cells:
        drawing = sum(bool(DRAWS.search(line)) for line in cell.code.split("\n"))
        if drawing > MOST_DRAWING_LINES:
            yield (
                f"The cell {cell.first_line!r} of {page.name} has {drawing} lines about a picture, and "
                f"{MOST_DRAWING_LINES} are the most. Move the drawing to grader/lesson/{page.lesson.slug}.py."
            )
        if IMPORTS_MATPLOTLIB.search(cell.code):
            yield f"{page.name} imports matplotlib. Move what draws to grader/lesson/{page.lesson.slug}.py."


def comments_that_end_a_paragraph(page: Page) -> Iterator[str]:
    for number, (before, line) in enumerate(pairwise(page.text.split("\n")), start=2):
        if before.strip() and line.startswith("<!--"):
            yield f"Line {number} of {page.name} begins with a comment, which ends the paragraph. Move it up a line."


def broken_formulas(page: Page) -> Iterator[str]:
    r"""A code host reads Markdown in a formula before it draws the formula: ``\\,`` becomes a comma there, and two
    underscores may become emphasis."""
    seen = text_of(page.top)
    for match in FORMULA.finditer(FENCE.sub(lambda code: "\n" * code[0].count("\n"), page.text)):
        formula = " ".join(match[0].split())
        if formula not in seen:
            yield (
                f"The formula {formula} of {page.name} is changed by Markdown. Leave out the backslashes before "
                "punctuation, and write a space after an underscore that comes after a parenthesis."
            )


RULES = (wrong_folds, wrong_cells, comments_that_end_a_paragraph, broken_formulas)

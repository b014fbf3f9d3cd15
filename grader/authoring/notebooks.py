"""Derives the source notebook of an nbgrader assignment from an exercise's solution and its checks.

The answer cells are the solution's; nbgrader clears the code between the markers when it makes the students' version.
The test cells come after all of them, so each one grades the same, complete source. A test cell calls one check and
contains nothing that would reveal what the check does.
"""

import hashlib
import json
import re
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from grader.api import Check
from grader.authoring.stubs import solution_path
from grader.course import Lesson
from grader.engine.session import load_checks

SCHEMA_VERSION = 3  # of nbgrader's metadata
BEGINS_ANSWER = "### BEGIN SOLUTION"
FUNCTION = re.compile(r"^def (\w+)", re.MULTILINE)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LESSON = "The lesson that goes with this exercise: [{title}]({stem}.md).\n\n"
INTRODUCTION = """\
Replace each `raise NotImplementedError()` with your answer, then run the cell. The cells at the end, under **Checks**,
show what is right so far, which mistakes you made, and how many points you earn. Run them as often as you like."""
CHECKS = """\
## Checks

Each of these cells checks one property of your functions. Changes to these cells do not count."""
TEST = """\
# {title}: {points:g} {noun}
from grader.notebook import points

points("{slug}", "{name}")"""


SETUP = """\
# Run this cell first. It installs the grader if it is not there yet.
try:
    import grader
except ModuleNotFoundError:
    %pip install --quiet {wheel}"""
NO_WHEEL = """\
# Run this cell first. The checks below need the grader: if it is not there, ask your instructor how to install it.
import grader"""


def source_notebook(lesson: Lesson, wheel: str = "") -> str:
    """The text of the instructor's version of an assignment, the input of `nbgrader generate_assignment`.

    Args:
        wheel: the grader for students, as pip takes it: an address or a path; empty if they get it in another way.

    Raises:
        OSError: this copy of the course has no solution of the exercise.
    """
    first, *others = jupytext.reads(solution_path(lesson).read_text("utf-8"), fmt="py:percent").cells
    has_lesson = lesson.home is None or (lesson.home / f"{lesson.stem}.md").is_file()
    link = LESSON.format(title=lesson.title, stem=lesson.stem) if has_lesson else ""
    setup = new_code_cell(SETUP.format(wheel=wheel) if wheel else NO_WHEEL)
    cells = [
        first,
        new_markdown_cell(link + INTRODUCTION),
        setup,
        *(_answer(cell) for cell in others),
        new_markdown_cell(CHECKS),
    ]
    cells += [_test(lesson, check) for check in load_checks(lesson.checks_path)]
    for number, cell in enumerate(cells, start=1):  # fixed ids make the notebook the same every time, to the byte
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell_{number}"
    notebook = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    notebook.metadata["digits"] = {"derived": _digest(notebook)}
    return writes(notebook) + "\n"


def is_edited(text: str) -> bool:
    """True if a notebook was edited after it was derived. Saving it in Jupyter is not an edit."""
    try:
        notebook = NotebookNode(json.loads(text))
        return notebook["metadata"]["digits"]["derived"] != _digest(notebook)
    except (ValueError, TypeError, KeyError):
        return True


def _answer(cell: NotebookNode) -> NotebookNode:
    """A cell of the solution. Cells that the learner completes are marked as answers."""
    cell.metadata.clear()  # jupytext's own notes
    if cell.cell_type == "code" and BEGINS_ANSWER in cell.source:
        name = FUNCTION.findall(cell.source)[0]
        cell.metadata["nbgrader"] = _metadata(f"answer_{name}", solution=True)
    return cell


def _test(lesson: Lesson, check: Check) -> NotebookNode:
    noun = "point" if check.points == 1 else "points"
    source = TEST.format(title=check.title, points=check.points, noun=noun, slug=lesson.slug, name=check.name)
    marks = _metadata(check.name, grade=True, locked=True, points=check.points)
    return new_code_cell(source, metadata={"nbgrader": marks})


def _metadata(grade_id: str, **marks: Any) -> dict[str, Any]:
    every = {"grade": False, "solution": False, "locked": False, "task": False}
    return every | marks | {"grade_id": grade_id, "schema_version": SCHEMA_VERSION}


def _digest(notebook: NotebookNode) -> str:
    """A digest of everything that an instructor may want to change."""
    cells = [[c["cell_type"], "".join(c["source"]), c["metadata"].get("nbgrader")] for c in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()

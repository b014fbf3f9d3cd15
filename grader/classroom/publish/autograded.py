"""Shows graded submissions to nbgrader's tools: as the notebooks that `nbgrader autograde` leaves in ``autograded/``.

Nothing of a submission runs here. Its cells are taken as text, without their outputs, and the test cells are those of
the release, with the feedback of the checks below them; so the formgrader and `nbgrader generate_feedback` work.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.classroom.collect.contents import TIMESTAMP, Contents, open_submission
from grader.classroom.collect.submissions import Submission
from grader.classroom.folder import CourseFolder
from grader.classroom.records import Record
from grader.course import find_lesson
from grader.engine.judge.source import MAX_BYTES
from grader.feedback.text import plain
from grader.verdict import CheckResult, Verdict

WIDTH = 72  # which nbgrader's pages have room for
ABOVE = "# The whole file that was handed in stands in the first of these cells."


def show(folder: CourseFolder, record: Record) -> None:
    """Write the notebook of a record, unless it is there or nbgrader has made one of its own.

    Raises:
        OSError, ValueError, AttributeError: it cannot be written, or the release is no notebook of nbgrader's.
    """
    slug = record.exercise
    released = folder.release / slug / f"{slug}.ipynb"
    target = folder.autograded / record.student / slug / f"{slug}.ipynb"
    if not released.is_file() or not _is_wanted(target, record):
        return
    model = nbformat.read(released, as_version=4)
    cells = [*_cells(_contents(folder, record), model), *_tests(model, record.verdict)]
    for number, cell in enumerate(cells):
        cell.id = f"cell_{number}"
    notebook = new_notebook(cells=cells, metadata={**model.metadata, "digits": {"graded": record.graded}})
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    draft.write_text(nbformat.writes(notebook) + "\n", "utf-8")
    if record.submitted:  # else the formgrader would take it for older than the submission
        target.with_name(TIMESTAMP).write_text(record.submitted, "utf-8")
    os.replace(draft, target)


def _is_wanted(target: Path, record: Record) -> bool:
    """True if there is no such notebook yet, or one of ours about an earlier grading."""
    if not target.exists():
        return True
    try:
        return json.loads(target.read_bytes())["metadata"]["digits"]["graded"] != record.graded
    except (ValueError, TypeError, KeyError):
        return False


def _contents(folder: CourseFolder, record: Record) -> Contents:
    lesson, places = find_lesson(record.exercise), folder.submitted / record.student
    name = next((name for name in (lesson.slug, lesson.stem) if os.path.lexists(places / name)), lesson.slug)
    return open_submission(Submission(record.student, lesson, places / name))


def _cells(contents: Contents, model: NotebookNode) -> list[NotebookNode]:
    """What was handed in, as text; each answer cell is there once, since comments stand below these."""
    answers = _marked(model, "solution")
    if contents.file.lower().endswith(".ipynb"):
        try:
            handed_in = json.loads(contents.raw[:MAX_BYTES].decode("utf-8-sig"))
            return list(_cells_of(handed_in["cells"], answers, {_name(cell) for cell in _marked(model, "grade")}))
        except Exception:  # whatever a damaged or hostile notebook brings about: then its text has to do
            pass
    text = contents.raw[:MAX_BYTES].decode("utf-8", "replace") or f"# {contents.problem}"
    return [_like(answer, ABOVE if number else text) for number, answer in enumerate(answers or [None])]


def _cells_of(handed_in: list[Any], answers: list[NotebookNode], tests: set[str]) -> Iterator[NotebookNode]:
    waiting = {_name(answer): answer for answer in answers}
    for cell in handed_in:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in tests:
            continue
        if cell["cell_type"] == "code":
            yield _like(waiting.pop(name, None), "".join(cell["source"]))
        else:
            yield new_markdown_cell(_text("".join(cell["source"])))
    yield from waiting.values()  # deleted, so as they were


def _like(answer: NotebookNode | None, source: str) -> NotebookNode:
    """A code cell, marked as an answer cell of the release is, or not at all."""
    return new_code_cell(_text(source), metadata=answer.metadata if answer else {})


def _text(source: str) -> str:
    """Text that can be written: JSON can hold halves of characters."""
    return source.encode("utf-8", "replace").decode()


def _name(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _tests(model: NotebookNode, verdict: Verdict) -> Iterator[NotebookNode]:
    """The test cells of a release with what came of them."""
    results = {result.name: result for result in verdict.checks}
    for cell in _marked(model, "grade"):
        result = results.get(_name(cell))
        yield new_code_cell(cell.source, metadata=cell.metadata, outputs=_outputs(result, verdict))


def _outputs(result: CheckResult | None, verdict: Verdict) -> list[NotebookNode]:
    said = plain(result, WIDTH) if result else verdict.message
    earned = result.points if result and verdict.outcome == "graded" else 0.0
    outputs = [new_output("stream", name="stdout", text=f"{said}\n")]
    if verdict.outcome != "grader_error":
        outputs.append(new_output("execute_result", data={"text/plain": str(float(earned))}))
    return outputs


def _marked(notebook: NotebookNode, kind: str) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind)]

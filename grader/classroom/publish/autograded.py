"""Writes graded submissions for nbgrader's tools, as the notebooks that `nbgrader autograde` writes to ``autograded/``.

No part of a submission runs here. Its cells are copied as text, without their outputs, and nothing in its Markdown
acts. The test cells are those of the release, with the feedback of the checks as their outputs. The formgrader and
`nbgrader generate_feedback` need no more.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.classroom.attempts import submission_of
from grader.classroom.collect.submissions import TIMESTAMP, Contents, open_submission
from grader.classroom.folder import CourseFolder
from grader.classroom.publish.harmless import harmless
from grader.classroom.records import Record
from grader.engine.judge.source import MAX_BYTES, most_bytes
from grader.feedback.text import plain
from grader.files import write_atomically
from grader.verdict import CheckResult, Verdict

WIDTH = 72  # of nbgrader's pages
ABOVE = "# The whole submitted file is in the first of these cells."


def write_autograded(folder: CourseFolder, record: Record) -> None:
    """Write the notebook of a record, unless it is there already or `nbgrader autograde` has made one.

    Raises:
        OSError, ValueError, AttributeError: it cannot be written, or the release is not one of nbgrader's notebooks.
    """
    slug = record.exercise
    released = folder.release / slug / f"{slug}.ipynb"
    target = folder.autograded / record.student / slug / f"{slug}.ipynb"
    if not released.is_file() or not _is_wanted(target, record):
        return
    model = nbformat.read(released, as_version=4)
    cells = [*_cells(open_submission(submission_of(folder, record)), model), *_tests(model, record.verdict)]
    for number, cell in enumerate(cells):
        cell.id = f"cell_{number}"
    notebook = new_notebook(cells=cells, metadata={**model.metadata, "digits": {"graded": record.graded}})
    target.parent.mkdir(parents=True, exist_ok=True)
    if record.submitted:  # without it, the formgrader would think that the submission is newer
        write_atomically(target.with_name(TIMESTAMP), record.submitted)
    write_atomically(target, nbformat.writes(notebook) + "\n")


def _is_wanted(target: Path, record: Record) -> bool:
    """True if there is no such notebook yet, or one of ours from an earlier grading."""
    if not target.exists():
        return True
    try:
        return json.loads(target.read_bytes())["metadata"]["digits"]["graded"] != record.graded
    except (ValueError, TypeError, KeyError):
        return False


def _cells(contents: Contents, model: NotebookNode) -> list[NotebookNode]:
    """The submission as text. Each answer cell is there once, because comments are attached to these."""
    answers = _marked(model, "solution")
    if contents.file.lower().endswith(".ipynb"):
        try:
            submitted = json.loads(contents.raw[: most_bytes(contents.file)].decode("utf-8-sig"))
            return list(_cells_of(submitted["cells"], answers, {_name(cell) for cell in _marked(model, "grade")}))
        except Exception:  # a damaged or hostile notebook can raise anything; then it is shown as text
            pass
    text = contents.raw[:MAX_BYTES].decode("utf-8", "replace") or f"# {contents.problem}"
    return [_like(answer, ABOVE if number else text) for number, answer in enumerate(answers or [None])]


def _cells_of(submitted: list[Any], answers: list[NotebookNode], tests: set[str]) -> Iterator[NotebookNode]:
    waiting = {_name(answer): answer for answer in answers}
    for cell in submitted:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in tests:
            continue
        if cell["cell_type"] == "code":
            yield _like(waiting.pop(name, None), "".join(cell["source"]))
        else:
            yield new_markdown_cell(_text(harmless("".join(cell["source"]), cell.get("attachments"))))
    yield from waiting.values()  # the student has deleted them, so they are as in the release


def _like(answer: NotebookNode | None, source: str) -> NotebookNode:
    """A code cell with the marks of an answer cell in the release, or without any."""
    return new_code_cell(_text(source), metadata=answer.metadata if answer else {})


def _text(source: str) -> str:
    """Text that can be written: JSON can have halves of characters, which UTF-8 has not."""
    return source.encode("utf-8", "replace").decode()


def _name(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id


def _tests(model: NotebookNode, verdict: Verdict) -> Iterator[NotebookNode]:
    """The test cells of a release with their results."""
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

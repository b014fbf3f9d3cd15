"""Runs lessons as notebooks in a scratch copy of the course in which every exercise is solved."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from grader.authoring.outputs import first_line
from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, CourseError, Lesson, ready_lessons
from grader.lesson.pictures import PICTURES_VARIABLE

SECONDS_PER_CELL = 300


@contextmanager
def solved_course() -> Iterator[Path]:
    """A scratch folder in which the exercises are the reference solutions, with its own folder for pictures."""
    with tempfile.TemporaryDirectory(prefix="digits-lessons-") as name:
        folder = Path(name)
        (folder / "exercises").mkdir()
        (folder / "lessons").mkdir()
        for lesson in ready_lessons():
            shutil.copy(solution_path(lesson), lesson.exercise_path(folder))
        yield folder


def run_lesson(lesson: Lesson, folder: Path, first_cell: str = "", last_cell: str = "") -> nbformat.NotebookNode:
    """Execute a lesson in a real kernel; its pictures go to ``folder/lessons/images``.

    Args:
        folder: a solved course.
        first_cell: code to run before the lesson's cells, in the same kernel.
        last_cell: code to run after them.

    Returns:
        The executed notebook, with these cells.

    Raises:
        CourseError: a cell failed, or took too long; the message says which.
    """
    notebook = jupytext.read(REPOSITORY / "lessons" / f"{lesson.stem}.md")
    if first_cell:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(first_cell))
    if last_cell:
        notebook.cells.append(nbformat.v4.new_code_cell(last_cell))
    images = folder / "lessons" / "images"
    environment = os.environ | {PICTURES_VARIABLE: str(images), "TF_CPP_MIN_LOG_LEVEL": "3"}
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        return client.execute(env=environment)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise CourseError(why_it_failed(lesson, notebook, error)) from error


def why_it_failed(lesson: Lesson, notebook: nbformat.NotebookNode, error: Exception) -> str:
    """Which cell of a lesson ended its run, and how."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    begun = [cell for cell in code if cell.get("execution_count") or cell.outputs] or code[:1]
    if isinstance(error, CellExecutionError):
        said = f"{error.ename}: {' '.join(error.evalue.split())}" if error.evalue else error.ename
    else:
        said = " ".join(str(error).split())
    cell = f"its cell {first_line(begun[-1].source)!r} failed" if begun else "it failed"
    return f"{lesson.stem}.md does not run to its end: {cell} with {said}"


def seconds_of(notebook: nbformat.NotebookNode) -> float:
    """How long the cells of an executed notebook took."""
    times = [cell.metadata.get("execution", {}) for cell in notebook.cells]
    limits = [(time["iopub.status.busy"], time["iopub.status.idle"]) for time in times if "iopub.status.idle" in time]
    return sum((read_time(end) - read_time(begin)).total_seconds() for begin, end in limits)


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text)

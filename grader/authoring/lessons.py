"""Runs lessons as notebooks in a scratch copy of the course in which every exercise is solved."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, Lesson, ready_lessons
from grader.lesson import PICTURES_VARIABLE

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


def run_lesson(lesson: Lesson, folder: Path, last_cell: str = "") -> nbformat.NotebookNode:
    """Execute a lesson in a real kernel; its pictures go to ``folder/lessons/images``.

    Args:
        folder: a solved course.
        last_cell: code to run after the lesson's cells, in the same kernel.

    Returns:
        The executed notebook.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    notebook = jupytext.read(REPOSITORY / "lessons" / f"{lesson.stem}.md")
    if last_cell:
        notebook.cells.append(nbformat.v4.new_code_cell(last_cell))
    images = folder / "lessons" / "images"
    environment = os.environ | {PICTURES_VARIABLE: str(images), "TF_CPP_MIN_LOG_LEVEL": "3"}
    client = NotebookClient(
        notebook, timeout=SECONDS_PER_CELL, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    return client.execute(env=environment)


def redraw(lesson: Lesson) -> list[Path]:
    """Run a lesson and replace its committed pictures with the new ones; returns their paths."""
    target = REPOSITORY / "lessons" / "images" / lesson.stem
    with solved_course() as folder:
        run_lesson(lesson, folder)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder / "lessons" / "images" / lesson.stem, target)
    return sorted(target.iterdir())

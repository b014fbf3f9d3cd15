"""`digits reset`: a fresh stub in place of one's work, which is kept."""

import os
import shutil
import time
from pathlib import Path

from grader.authoring.fresh import fresh_stub
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_lesson, find_workspace
from grader.files import write_atomically


def reset_exercise(name: str) -> None:
    """Put a fresh stub in the place of an exercise and say where the old file is kept; an untouched one stays.

    Raises:
        CourseError: there is nothing to make a stub from, or it cannot be written. The work is where it was.
    """
    terminal, workspace, lesson = Terminal(), find_workspace(), find_lesson(name)
    path = lesson.work_path(workspace, name)
    shown = path.relative_to(workspace)
    stub = fresh_stub(lesson)
    text = as_notebook(stub) if path.suffix == ".ipynb" else stub
    if path.is_file() and is_untouched(path, text):
        terminal.line(f" {shown} is as it came: there is nothing to reset.")
        return
    try:
        kept = replace(path, text, workspace)
    except OSError as error:
        raise CourseError(f"{shown} cannot be reset ({error.strerror}). Your work is where it was.") from None
    terminal.line((f" {shown} is fresh again.", "good"))
    if kept:
        terminal.line(f" Your work is kept in {kept.relative_to(workspace)}")
    terminal.line((" Your best points stay yours. Begin with: ", "quiet"), (f"./digits check {lesson.slug}", "title"))


def replace(path: Path, text: str, workspace: Path) -> Path | None:
    """Put a text in a file's place; returns where what was there is kept, if anything was."""
    path.parent.mkdir(exist_ok=True)
    kept = keep_copy(path, workspace)
    try:
        write_atomically(path, text)
    except BaseException:
        if kept:
            kept.unlink()  # the work is still in its place
        raise
    return kept


def keep_copy(path: Path, workspace: Path) -> Path | None:
    """Copy a file to a name of its own in .digits/kept, with the time in it; returns that, if there was a file."""
    if not path.exists():
        return None
    folder, stem, number = workspace / ".digits" / "kept", f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}", 1
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{stem}{path.suffix}"
    while os.path.lexists(kept):
        number += 1
        kept = folder / f"{stem}-{number}{path.suffix}"
    try:
        shutil.copy2(path, kept)
    except OSError:
        kept.unlink(missing_ok=True)  # half a copy helps nobody
        raise
    return kept


def as_notebook(stub: str) -> str:
    """The stub as a notebook for Python."""
    import jupytext

    notebook = jupytext.reads(stub, fmt="py:percent")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return jupytext.writes(notebook, fmt="ipynb")


def is_untouched(path: Path, text: str) -> bool:
    """Whether a file holds a stub's text; of a notebook, whether its cells do: outputs are no work."""
    held = path.read_text("utf-8", errors="replace")
    return cells(held) == cells(text) if path.suffix == ".ipynb" else held == text


def cells(notebook: str) -> list[tuple[str, str]]:
    import nbformat

    try:
        return [(cell.cell_type, cell.source.strip()) for cell in nbformat.reads(notebook, as_version=4).cells]
    except Exception:  # whatever a damaged notebook provokes: it is none, and so no untouched one
        return []

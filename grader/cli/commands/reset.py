"""`digits reset`: replaces your work with a fresh stub and keeps a copy of it."""

from pathlib import Path

from grader.authoring.fresh import fresh_stub
from grader.cli.terminal import Terminal
from grader.course import CourseError, find_workspace
from grader.engine.judge.own_file import find_named
from grader.files import keep_copy, write_atomically


def reset_exercise(name: str) -> None:
    """Replace an exercise with a fresh stub and say where the old file is kept. An unchanged stub is left as it is.

    Raises:
        CourseError: there is nothing to make a stub from, or it cannot be written. The work is not changed.
    """
    terminal, workspace = Terminal(), find_workspace()
    lesson = find_named(name, workspace)
    path = lesson.work_path(workspace, name)
    shown = path.relative_to(workspace)
    stub = fresh_stub(lesson)
    text = as_notebook(stub) if path.suffix == ".ipynb" else stub
    try:
        if path.is_file() and is_untouched(path, text):
            terminal.wrapped(f"{shown} is unchanged, so there is nothing to reset.")
            return
        kept = replace(path, text, workspace)
    except OSError as error:
        raise CourseError(f"{shown} cannot be reset ({error.strerror}). Your work is unchanged.") from None
    terminal.wrapped((f"{shown} is a fresh stub again.", "good"))
    if kept:
        terminal.wrapped(f"Your old file is kept as {kept.relative_to(workspace)}")
    terminal.wrapped(("You keep your best points. Start with:", "quiet"), (f"./digits check {lesson.slug}", "title"))


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


def as_notebook(stub: str) -> str:
    """The stub as a Python notebook."""
    import jupytext

    notebook = jupytext.reads(stub, fmt="py:percent")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return jupytext.writes(notebook, fmt="ipynb")


def is_untouched(path: Path, text: str) -> bool:
    """Whether a file still holds the stub. In a notebook only the source of the cells counts, not their outputs."""
    held = path.read_text("utf-8", errors="replace")
    return cells(held) == cells(text) if path.suffix == ".ipynb" else held == text


def cells(notebook: str) -> list[tuple[str, str]]:
    import nbformat

    try:
        return [(cell.cell_type, cell.source.strip()) for cell in nbformat.reads(notebook, as_version=4).cells]
    except Exception:  # a damaged notebook can raise anything; it is not an unchanged one
        return []

"""The files of `digits lab`, as JupyterLab's server reads and writes them."""

import re
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupytext.async_contentsmanager import AsyncTextFileContentsManager
from nbformat import NotebookNode, v4

KEY = "digits_recorded"  # in the metadata of a code cell, while its lesson is open
RECORDED = re.compile(r"(?:(?:(`{3,})text[^\n]*\n.*?\n\1|<picture>\n.*?\n</picture>)(?:\n\n|\Z))+", re.DOTALL)


class LessonFiles(AsyncTextFileContentsManager):  # type: ignore[misc]  # jupytext has no types
    """Markdown files open as notebooks that say which language their kernel speaks, without the recorded outputs.

    The files themselves do not say the language. JupyterLab would add it as soon as the kernel answers, and then ask to
    save a lesson that nobody has changed.

    What a cell has printed and drawn is recorded below it in the file, for people who only read. In a notebook, a cell
    prints and draws for itself. So the record is set aside while the lesson is open, and is back when it is saved.
    """

    async def get(self, path: str, content: bool = True, **options: Any) -> dict[str, Any]:
        model: dict[str, Any] = await super().get(path, content=content, **options)
        if content and model["type"] == "notebook":
            model["content"]["metadata"].setdefault("language_info", dict(IPythonKernel.language_info))
            if path.endswith(".md"):
                set_aside(model["content"])
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        if model.get("type") == "notebook" and model.get("content"):
            put_back(model["content"])
        saved: dict[str, Any] = await super().save(model, path)
        return saved


def set_aside(notebook: NotebookNode) -> None:
    """Move the recorded outputs and pictures below each code cell into that cell's metadata."""
    kept: list[NotebookNode] = []
    for cell in notebook["cells"]:
        before = kept[-1] if kept else None
        recorded = RECORDED.match(cell["source"]) if cell["cell_type"] == "markdown" else None
        if recorded and before and before["cell_type"] == "code":
            before["metadata"][KEY] = recorded[0]
            cell["source"] = cell["source"][recorded.end() :]
            if not cell["source"]:
                continue
        kept.append(cell)
    notebook["cells"] = kept


def put_back(notebook: Any) -> None:
    """Undo `set_aside`, wherever the code cells are now."""
    cells: list[Any] = []
    recorded = ""
    for cell in notebook["cells"]:
        if recorded and cell["cell_type"] == "markdown":
            cell["source"] = recorded.rstrip("\n") + "\n\n" + cell["source"]
        elif recorded:
            cells.append(v4.new_markdown_cell(recorded.rstrip("\n")))
        recorded = cell["metadata"].pop(KEY, "") if cell["cell_type"] == "code" else ""
        cells.append(cell)
    if recorded:
        cells.append(v4.new_markdown_cell(recorded.rstrip("\n")))
    notebook["cells"] = cells

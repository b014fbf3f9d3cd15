"""The files of `digits lab`, as JupyterLab's server reads and writes them."""

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupytext.async_contentsmanager import AsyncTextFileContentsManager


class LessonFiles(AsyncTextFileContentsManager):  # type: ignore[misc]  # jupytext has no types
    """Markdown files open as notebooks that say which language their kernel speaks.

    The files themselves do not say so. JupyterLab would add it as soon as the kernel answers, and then ask to save a
    lesson that nobody has changed.
    """

    async def get(self, path: str, content: bool = True, **options: Any) -> dict[str, Any]:
        model: dict[str, Any] = await super().get(path, content=content, **options)
        if content and model["type"] == "notebook":
            model["content"]["metadata"].setdefault("language_info", dict(IPythonKernel.language_info))
        return model

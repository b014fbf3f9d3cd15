"""Puts the course's files in their places."""

import os
from pathlib import Path

from grader.files import write_atomically


def put(source: Path, path: Path, *, is_program: bool = False) -> None:
    """Copy a file of the course. A reader finds the old content or the new, never a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o777 if is_program or os.access(source, os.X_OK) else 0o666
    write_atomically(path, source.read_bytes(), mode=mode)


def remove_empty_folders(folder: Path, top: Path) -> None:
    """Remove a folder and those around it, up to one of them, as long as nothing is in them."""
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent

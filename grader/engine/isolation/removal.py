"""Removes what a runner leaves behind, which may be folders within folders without end."""

import itertools
import os
import secrets
from contextlib import suppress

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_tree(folder: str | os.PathLike[str]) -> None:
    """Remove a folder and all that is in it, as far as this process may.

    `shutil.rmtree` calls itself for every level, and a path has a greatest length. Here every folder in a folder is
    moved up to the first one before anybody looks into it. Links are removed, not followed.
    """
    with suppress(OSError):
        top = os.open(folder, FOLDER)
        try:
            _empty(top)
        finally:
            os.close(top)
        os.rmdir(folder)


def _empty(top: int) -> None:
    """Remove all that is in an open folder."""
    mark = secrets.token_hex(8)  # no runner can have taken these names
    new_names = (f"{mark}-{number}" for number in itertools.count())
    while names := _remove_files(top):
        for name in names:
            inner = os.open(name, FOLDER, dir_fd=top)
            try:
                for deeper in _remove_files(inner):
                    os.rename(deeper, next(new_names), src_dir_fd=inner, dst_dir_fd=top)
            finally:
                os.close(inner)
            os.rmdir(name, dir_fd=top)


def _remove_files(folder: int) -> list[str]:
    """Remove the files in an open folder; returns the names of the folders in it."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        if not is_folder:
            os.unlink(name, dir_fd=folder)
    return [name for name, is_folder in found if is_folder]

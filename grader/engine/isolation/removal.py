"""Removes what a runner leaves behind, which may be folders within folders without end, or a hundred thousand."""

import itertools
import math
import os
import secrets
import time
from contextlib import suppress

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
SLICE = 0.1  # seconds
MOST_TRIES = 600


class Leftovers:
    """Folders that are removed a little at a time, between other work."""

    def __init__(self) -> None:
        self._tries: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._tries)

    def add(self, folder: str | None) -> None:
        """Take on a folder, if there is one."""
        if folder:
            self._tries[folder] = 0

    def clear_some(self, seconds: float = SLICE) -> None:
        """Go on with one of them. What cannot be removed at all is given up after a while."""
        for folder in list(self._tries)[:1]:
            tries = self._tries.pop(folder) + 1
            if not remove_tree(folder, seconds) and tries < MOST_TRIES:
                self._tries[folder] = tries


def remove_tree(folder: str | os.PathLike[str], seconds: float = math.inf) -> bool:
    """Remove a folder and all that is in it, as far as this process may.

    `shutil.rmtree` calls itself for every level, and a path has a greatest length. Here every folder in a folder is
    moved up to the first one before anybody looks into it. Links are removed, not followed.

    Args:
        seconds: stop after this time; what is left can be removed later.

    Returns:
        Whether the folder is gone.
    """
    end = time.monotonic() + seconds
    try:
        with suppress(FileNotFoundError):
            top = os.open(folder, FOLDER)
            try:
                _empty(top, end)
            finally:
                os.close(top)
            os.rmdir(folder)
    except OSError:
        return False
    return True


def _empty(top: int, end: float) -> None:
    """Remove all that is in an open folder, until a time."""
    mark = secrets.token_hex(8)  # no runner can have taken these names
    new_names = (f"{mark}-{number}" for number in itertools.count())
    stubborn: set[str] = set()
    while names := set(_remove_files(top, end)) - stubborn:
        for name in names:
            try:
                inner = _open(name, top)
                try:
                    for deeper in _remove_files(inner, end):
                        os.rename(deeper, next(new_names), src_dir_fd=inner, dst_dir_fd=top)
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=top)
            except OSError:
                stubborn.add(name)
            if time.monotonic() > end:
                return


def _open(name: str, top: int) -> int:
    """Open a folder in an open folder, even if its owner may not look into it."""
    with suppress(PermissionError):
        inner = os.open(name, FOLDER, dir_fd=top)
        with suppress(OSError):
            os.fchmod(inner, 0o700)
        return inner
    os.chmod(name, 0o700, dir_fd=top)
    return os.open(name, FOLDER, dir_fd=top)


def _remove_files(folder: int, end: float) -> list[str]:
    """Remove the files in an open folder, until a time; returns the names of the folders in it."""
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif time.monotonic() < end:
                with suppress(OSError):
                    os.unlink(entry.name, dir_fd=folder)
    return folders

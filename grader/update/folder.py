"""Updates a copy that was downloaded, from a newer copy of the course: a folder or a ZIP archive."""

import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.course import CourseError
from grader.files import write_atomically
from grader.update.exercises import Change, change
from grader.update.plan import Plan

NOT_COURSE = {".git", ".venv", ".digits", "models", "__pycache__", ".ipynb_checkpoints"}
ONLY_COURSE = ("grader", "tests", "docs")  # folders in which a file that the course no longer has is in the way
MARKS = ("digits", "pyproject.toml", "grader/course.toml")


@contextmanager
def newer_copy(place: Path) -> Iterator[Path]:
    """The folder with the newer copy; of an archive, unpacked for as long as the context is open.

    Raises:
        CourseError: there is no copy of the course.
    """
    with TemporaryDirectory(prefix="digits-") as unpacked:
        if place.is_file():
            try:
                with zipfile.ZipFile(place) as archive:
                    archive.extractall(unpacked)  # it keeps every name inside this folder
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
                raise CourseError(f"{place} cannot be unpacked as a ZIP archive ({error}).") from None
        top = Path(unpacked) if place.is_file() else place
        found = [
            folder for folder in (top, *sorted(top.glob("*/"))) if all((folder / name).is_file() for name in MARKS)
        ]
        if not found:
            raise CourseError(
                f"{place} is not a copy of the course. Name its folder, or the ZIP archive as downloaded."
            )
        yield found[0]


def plan_from_folder(workspace: Path, newer: Path, stub_of: Callable[[str], bytes | None]) -> Plan:
    """Decide what to do with a newer copy. Nothing in the folder changes yet.

    Args:
        stub_of: the text of an exercise, by the name of its file, that this copy came with, as far as it is known.
    """
    texts = {path.name: path.read_bytes() for path in sorted((newer / "exercises").glob("*.py"))}
    changes = [exercise(workspace / "exercises" / name, new, stub_of) for name, new in texts.items()]
    needs = any(differs(newer, workspace, name) for name in ("pyproject.toml", "constraints.txt"))
    found = re.search(r'^version = "(.+?)"', (newer / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    return Plan(found[1] if found else "", tuple(changes), lambda: bring(newer, workspace), needs)


def exercise(path: Path, new: bytes, stub_of: Callable[[str], bytes | None]) -> Change:
    mine = path.read_bytes() if path.is_file() else None
    base = stub_of(path.name) if mine is not None and mine != new else None
    return change(path.name, mine, base, new)


def bring(newer: Path, workspace: Path) -> None:
    """Replace the course's files. What they held is moved to a folder in ``.digits/kept``."""
    kept = workspace / ".digits" / "kept" / f"course-{time.strftime('%Y%m%d-%H%M%S')}"
    wanted = set(files_of(newer))
    for name in sorted(name for name in wanted if differs(newer, workspace, name)):
        path = workspace / name
        keep(path, kept / name)
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o777 if name == "digits" or os.access(newer / name, os.X_OK) else 0o666
        write_atomically(path, (newer / name).read_bytes(), mode=mode)
    for name in set(files_of(workspace)) - wanted:
        if name.split("/")[0] in ONLY_COURSE:
            keep(workspace / name, kept / name)
            (workspace / name).unlink()


def files_of(folder: Path) -> Iterator[str]:
    """The course's files in a folder, by their paths in it. Exercises are not among them."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_COURSE)
        for name in sorted(names):
            path = Path(parent, name)
            inside = path.relative_to(folder).as_posix()
            if path.is_file() and not path.is_symlink() and not re.fullmatch(r"exercises/[^/]+", inside):
                yield inside


def differs(newer: Path, workspace: Path, name: str) -> bool:
    here = workspace / name
    return not here.is_file() or here.read_bytes() != (newer / name).read_bytes()


def keep(path: Path, kept: Path) -> None:
    if path.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept)

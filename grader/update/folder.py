"""Updates a copy that was downloaded, from a newer copy of the course: a folder or a ZIP archive."""

import json
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.course import CourseError
from grader.files import write_atomically
from grader.update.exercises import Change, change
from grader.update.plan import Plan
from grader.update.writing import put

NOT_COURSE = {".git", ".venv", ".digits", "models", "__pycache__", ".ipynb_checkpoints"}
NOT_REPLACED = r"exercises/[^/]+|lessons/[^/]+\.md"  # but merged
ONLY_COURSE = ("grader", "tests", "docs")  # folders in which a file that the course no longer has is in the way
DELIVERED = ".digits/delivered.json"
TOGETHER = 60  # seconds between files that were unpacked or copied together
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
    texts = {path.relative_to(newer).as_posix(): path.read_bytes() for path in sorted(newer.glob("exercises/*.py"))}
    changes = [exercise(workspace, name, new, stub_of) for name, new in texts.items()]
    starts, ends = lessons_as_delivered(workspace), lessons_in(newer)
    changes += [change(name, content(workspace / name), starts.get(name), new) for name, new in ends.items()]
    kept = workspace / ".digits" / "kept" / f"course-{time.strftime('%Y%m%d-%H%M%S')}"

    def prepare() -> None:
        note_delivered(workspace, starts)
        for replaced in (each for each in changes if each.fate == "replaced" and each.path in starts):
            keep(workspace / replaced.path, kept / replaced.path)

    def bring_and_note() -> None:
        bring(newer, workspace, kept)
        note_delivered(workspace, ends)

    needs = any(differs(newer, workspace, name) for name in ("pyproject.toml", "constraints.txt"))
    found = re.search(r'^version = "(.+?)"', (newer / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    version = found[1] if found else ""
    return Plan(version, tuple(changes), bring_and_note, needs, prepare, kept)


def exercise(workspace: Path, name: str, new: bytes, stub_of: Callable[[str], bytes | None]) -> Change:
    mine = content(workspace / name)
    base = stub_of(Path(name).name) if mine is not None and mine != new else None
    return change(name, mine, base, new)


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def lessons_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.glob("lessons/*.md"))}


def lessons_as_delivered(workspace: Path) -> dict[str, bytes]:
    """The texts of the lessons that this copy came with, as far as they are known.

    Every update notes them. Before the first, a lesson counts as untouched if it was written together with files of
    the course in which learners do not write.
    """
    noted = workspace / DELIVERED
    if noted.is_file():
        return read_note(noted)
    times = [(workspace / name).stat().st_mtime for name in files_of(workspace) if name.split("/")[0] in ONLY_COURSE]
    return {
        name: text
        for name, text in lessons_in(workspace).items()
        if any(abs((workspace / name).stat().st_mtime - moment) < TOGETHER for moment in times)
    }


def read_note(path: Path) -> dict[str, bytes]:
    """What ``note_delivered`` wrote; of a damaged note, nothing."""
    try:
        texts = json.loads(path.read_text("utf-8"))
        return {name: text.encode("utf-8", "surrogateescape") for name, text in texts.items()}
    except (ValueError, AttributeError):
        return {}


def note_delivered(workspace: Path, texts: Mapping[str, bytes]) -> None:
    """Note the texts of the lessons that this copy came with."""
    noted = {name: text.decode("utf-8", "surrogateescape") for name, text in texts.items()}
    path = workspace / DELIVERED
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(noted), durable=True)


def bring(newer: Path, workspace: Path, kept: Path) -> None:
    """Replace the course's files. What they held is moved to the folder ``kept``."""
    wanted = set(files_of(newer))
    for name in sorted(name for name in wanted if differs(newer, workspace, name)):
        keep(workspace / name, kept / name)
        put(newer / name, workspace / name, is_program=name == "digits")
    for name in set(files_of(workspace)) - wanted:
        if name.split("/")[0] in ONLY_COURSE:
            keep(workspace / name, kept / name)
            (workspace / name).unlink()


def files_of(folder: Path) -> Iterator[str]:
    """The course's files in a folder, by their paths in it. Exercises and lessons are not among them."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_COURSE)
        for name in sorted(names):
            path = Path(parent, name)
            inside = path.relative_to(folder).as_posix()
            if path.is_file() and not path.is_symlink() and not re.fullmatch(NOT_REPLACED, inside):
                yield inside


def differs(newer: Path, workspace: Path, name: str) -> bool:
    here = workspace / name
    return not here.is_file() or here.read_bytes() != (newer / name).read_bytes()


def keep(path: Path, kept: Path) -> None:
    if path.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept)

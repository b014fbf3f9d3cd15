"""Puts an assignment into a course folder and has nbgrader make the students' version of it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from filecmp import dircmp
from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.classroom.settings import path_with_programs
from grader.classroom.students import safe_for_display
from grader.course import CourseError, Lesson
from grader.files import write_atomically

RAISED = re.compile(r"^ +([\w.]+: .+)$", re.MULTILINE)  # the last line of a traceback in nbgrader's log
LOGGED = re.compile(r"\| ERROR\] (.+)$", re.MULTILINE)


@dataclass
class Released:
    """One released assignment: whether the instructor had edited it, and where replaced files are kept."""

    was_edited: bool
    kept: list[Path]


def release(
    folder: CourseFolder,
    lesson: Lesson,
    notebook: str,
    attachments: dict[str, Path],
    is_edited: Callable[[str], bool],
    gradebook: str | None = None,
    fresh: bool = False,
) -> Released:
    """Write the source of an assignment and run `nbgrader generate_assignment`.

    Args:
        notebook: the source that the course gives.
        attachments: what students get besides their notebook, by its path there.
        is_edited: whether the instructor has changed the existing source. If so, it is released as it is.
        gradebook: the URL of a gradebook other than the one in nbgrader's settings.
        fresh: replace the source even if it was edited.

    Raises:
        CourseError: nbgrader has failed, or something cannot be written. An earlier release is still there.
    """
    source = folder.source / lesson.slug / f"{lesson.slug}.ipynb"
    kept: list[Path] = []
    try:
        existing = source.read_text("utf-8", "replace") if source.exists() else None
        keeps_edits = existing is not None and not fresh and is_edited(existing)
        if existing != notebook and not keeps_edits:
            if existing is not None and is_edited(existing):
                kept.append(_free_name(folder, source))
                shutil.copy2(source, kept[-1])
            source.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(source, notebook)
        kept += _generate(folder, lesson.slug, attachments, [f"--db={gradebook}"] if gradebook else [])
    except OSError as error:
        raise CourseError(
            f"{lesson.slug} cannot be released in {safe_for_display(str(folder.root))} ({error.strerror})."
        ) from None
    return Released(keeps_edits, kept)


def _generate(folder: CourseFolder, slug: str, attachments: dict[str, Path], options: list[str]) -> list[Path]:
    """Make the students' version. An earlier one is kept if it has anything that the new one has not."""
    target = folder.release / slug
    earlier = _free_name(folder, target) if os.path.lexists(target) else None
    if earlier:
        os.replace(target, earlier)
    try:
        run_nbgrader(folder, "generate_assignment", slug, *options)
        for name, path in attachments.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
    except BaseException:
        if earlier:
            shutil.rmtree(target, ignore_errors=True)
            os.replace(earlier, target)
        raise
    if earlier and _is_included(dircmp(earlier, target)):
        shutil.rmtree(earlier)
        earlier = None
    return [earlier] if earlier else []


def run_nbgrader(folder: CourseFolder, *arguments: str) -> None:
    """Run one of nbgrader's own commands in the course folder.

    Raises:
        CourseError: it has failed; the message gives its reason.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = os.environ | {"PATH": path_with_programs()}
    done = subprocess.run(
        command, cwd=folder.root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        log = (done.stdout + done.stderr).decode("utf-8", "replace").rstrip()
        reasons = RAISED.findall(log) or LOGGED.findall(log) or [log.rpartition("\n")[2]]
        raise CourseError(f"nbgrader {' '.join(arguments[:2])} failed: {safe_for_display(reasons[-1])}")


def _free_name(folder: CourseFolder, path: Path) -> Path:
    """A new name in .digits/kept for a file or folder."""
    place = folder.private / "kept"
    stem = f"{path.parent.name}-{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}"
    folder.private.mkdir(mode=0o700, exist_ok=True)
    place.mkdir(exist_ok=True)
    kept, number = place / f"{stem}{path.suffix}", 1
    while os.path.lexists(kept):
        number += 1
        kept = place / f"{stem}-{number}{path.suffix}"
    return kept


def _is_included(comparison: dircmp) -> bool:
    """True if every file on the left is on the right, with the same bytes."""
    same = not (comparison.left_only or comparison.diff_files or comparison.funny_files or comparison.common_funny)
    return same and all(map(_is_included, comparison.subdirs.values()))

"""Puts an assignment into a course folder and lets nbgrader make the students' version of it."""

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

RAISED = re.compile(r"^ +([\w.]+: .+)$", re.MULTILINE)  # the last line of a traceback in nbgrader's log
LOGGED = re.compile(r"\| ERROR\] (.+)$", re.MULTILINE)


@dataclass
class Released:
    """What became of one assignment, and where things are kept that had to make room."""

    was_edited: bool
    kept: list[Path]


def release(
    folder: CourseFolder,
    lesson: Lesson,
    notebook: str,
    attachments: dict[str, Path],
    is_edited: Callable[[str], bool],
    gradebook: str | None = None,
    afresh: bool = False,
) -> Released:
    """Write the source of an assignment and run `nbgrader generate_assignment`.

    Args:
        notebook: the source as derived from the course.
        attachments: what students get beside their notebook, by its path there.
        is_edited: says of the source that is there whether the instructor has changed it. Then it is released as it is.
        gradebook: the URL of another gradebook than nbgrader's settings name.
        afresh: take the derived source all the same.

    Raises:
        CourseError: nbgrader has refused, or something cannot be written. An earlier release is where it was.
    """
    source = folder.source / lesson.slug / f"{lesson.slug}.ipynb"
    kept: list[Path] = []
    try:
        there = source.read_text("utf-8", "replace") if source.exists() else None
        keeps_edits = there is not None and not afresh and is_edited(there)
        if there != notebook and not keeps_edits:
            if there is not None and is_edited(there):
                kept.append(_keep(folder, source))
            source.parent.mkdir(parents=True, exist_ok=True)
            draft = source.with_name(f".{source.name}.draft")
            draft.write_text(notebook, "utf-8")
            os.replace(draft, source)
        kept += _generate(folder, lesson.slug, attachments, [f"--db={gradebook}"] if gradebook else [])
    except OSError as error:
        raise CourseError(
            f"{lesson.slug} cannot be released in {safe_for_display(str(folder.root))} ({error.strerror})."
        ) from None
    return Released(keeps_edits, kept)


def _generate(folder: CourseFolder, slug: str, attachments: dict[str, Path], options: list[str]) -> list[Path]:
    """Make the students' version; an earlier one is kept if it held anything else."""
    target = folder.release / slug
    earlier = _keep(folder, target) if os.path.lexists(target) else None
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
    if earlier and _holds_nothing_else(dircmp(earlier, target)):
        shutil.rmtree(earlier)
        earlier = None
    return [earlier] if earlier else []


def run_nbgrader(folder: CourseFolder, *arguments: str) -> None:
    """Run one of nbgrader's own commands in the course folder.

    Raises:
        CourseError: it has failed; with the reason that it gives.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = os.environ | {"PATH": path_with_programs()}
    done = subprocess.run(
        command, cwd=folder.root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        log = (done.stdout + done.stderr).decode("utf-8", "replace").rstrip()
        reasons = RAISED.findall(log) or LOGGED.findall(log) or [log.rpartition("\n")[2]]
        raise CourseError(f"nbgrader {' '.join(arguments[:2])} has failed: {safe_for_display(reasons[-1])}")


def _keep(folder: CourseFolder, path: Path) -> Path:
    """Move a file or folder to a name of its own in .digits/kept; returns that."""
    place, stem = folder.private / "kept", f"{path.parent.name}-{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}"
    folder.private.mkdir(mode=0o700, exist_ok=True)
    place.mkdir(exist_ok=True)
    kept, number = place / f"{stem}{path.suffix}", 1
    while os.path.lexists(kept):
        number += 1
        kept = place / f"{stem}-{number}{path.suffix}"
    os.replace(path, kept)
    return kept


def _holds_nothing_else(comparison: dircmp) -> bool:
    """True if every file on the left is on the right, with the same bytes."""
    same = not (comparison.left_only or comparison.diff_files or comparison.funny_files or comparison.common_funny)
    return same and all(map(_holds_nothing_else, comparison.subdirs.values()))

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
from grader.engine.session import load_checks
from grader.files import write_atomically

RAISED = re.compile(r"^ +([\w.]+: .+)$", re.MULTILINE)  # the last line of a traceback in nbgrader's log
LOGGED = re.compile(r"\| ERROR\] (.+)$", re.MULTILINE)


@dataclass
class Released:
    """One released assignment: whether the instructor had edited it, and where replaced files are kept."""

    was_edited: bool
    kept: list[Path]
    edits: list[str]  # a sentence about each edit of the points


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
    edits: list[str] = []
    try:
        existing = source.read_text("utf-8", "replace") if source.exists() else None
        keeps_edits = existing is not None and not fresh and is_edited(existing)
        if existing != notebook and not keeps_edits:
            if existing is not None and is_edited(existing):
                kept.append(_free_name(folder, source))
                shutil.copy2(source, kept[-1])
            source.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(source, notebook)
        if keeps_edits:
            edits = _settle_points(source, lesson)
        for name, path in attachments.items():  # nbgrader's own generate_assignment takes them from there, too
            target = source.parent / name
            if fresh or not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        kept += _generate(folder, lesson.slug, [f"--db={gradebook}"] if gradebook else [])
    except OSError as error:
        raise CourseError(
            f"{lesson.slug} cannot be released in {safe_for_display(folder.name)} ({error.strerror})."
        ) from None
    return Released(keeps_edits, kept, edits)


def _settle_points(source: Path, lesson: Lesson) -> list[str]:
    """Give each check in an edited source the points that it has in the course: there is one maximum everywhere.

    Returns:
        Sentences about points that do not count, and about added questions, which do.

    Raises:
        CourseError: the source is no notebook.
    """
    import nbformat

    try:
        notebook = nbformat.read(source, as_version=4)
    except Exception as error:
        raise CourseError(f"{safe_for_display(str(source))} is no notebook ({type(error).__name__}).") from None
    worth = {check.name: check.points for check in load_checks(lesson.checks_path)}
    said, is_changed = [], False
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        name, points = marks.get("grade_id"), marks.get("points")
        if not (marks.get("grade") or marks.get("task")):
            continue
        if name not in worth:
            said.append(
                f"{name}: {points:g} points, which count." if points != 1 else f"{name}: 1 point, which counts."
            )
        elif points != worth[name]:
            said.append(f"{name}: the check is worth {worth[name]:g}; the {points:g} in your version do not count.")
            marks["points"], is_changed = worth[name], True
    if is_changed:
        write_atomically(source, nbformat.writes(notebook) + "\n")
    return said


def _generate(folder: CourseFolder, slug: str, options: list[str]) -> list[Path]:
    """Make the students' version. An earlier one is kept if it has anything that the new one has not."""
    target = folder.release / slug
    earlier = _free_name(folder, target) if os.path.lexists(target) else None
    if earlier:
        os.replace(target, earlier)
    try:
        run_nbgrader(folder, "generate_assignment", slug, *options)
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

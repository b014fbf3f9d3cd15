"""The progress file itself: written whole or not at all, by one command at a time.

Nothing is ever dropped from it. Entries that this version of the course does not know (a renamed lesson, a field of a
newer version) stay as they are. A damaged file is renamed and kept, never overwritten.
"""

import contextlib
import copy
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import files

FILE_NAME = "progress.json"
FORMAT = 3
GREATEST = 1e9  # above any real number of points or seconds
ALL = "*"  # stands for every exercise when no part of the file could be read

Fields = dict[str, Any]
State = tuple[Fields, frozenset[str], str]  # what is stored; the slugs of lost records; a sentence about the damage


def progress_path(workspace: Path) -> Path:
    return workspace / ".digits" / FILE_NAME


def read_file(workspace: Path) -> State:
    """What the file holds. A damaged file is set aside, and the readable part is written to a new one."""
    stored, lost = understand(workspace)
    if not lost:
        return stored, lost, ""
    try:
        with locked(workspace):
            return repaired(workspace)
    except OSError as error:
        return stored, lost, f"{progress_path(workspace)} is damaged and cannot be renamed ({error.strerror})."


def update_file(workspace: Path, change: Callable[[Fields], None]) -> State:
    """Change what the file holds. If two commands do so at the same time, both changes are kept.

    Raises:
        OSError: the file cannot be written; its old content is still there.
    """
    progress_path(workspace).parent.mkdir(exist_ok=True)
    with locked(workspace):
        stored, lost, damage = repaired(workspace)
        before = copy.deepcopy(stored)
        change(stored)
        if stored != before:
            write(progress_path(workspace), stored)
    return stored, lost, damage


def repaired(workspace: Path) -> State:
    """The state of a sound file. A damaged one is renamed first and replaced by its readable part."""
    stored, lost = understand(workspace)
    if not lost:
        return stored, lost, ""
    path = progress_path(workspace)
    aside = free_name(path)
    os.rename(path, aside)
    if stored["exercises"] or stored["answers"]:
        write(path, stored)
    what = "Your progress file" if ALL in lost else "Part of your progress file"
    sentence = f"{what} was damaged. The old file is kept as .digits/{aside.name}."
    return stored, lost, sentence


def free_name(path: Path) -> Path:
    """An unused name in the same folder."""
    stem, number = f"{path.stem}-damaged-{datetime.now():%Y%m%d-%H%M%S}", 1
    aside = path.with_name(f"{stem}{path.suffix}")
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{stem}-{number}{path.suffix}")
    return aside


def write(path: Path, stored: Fields) -> None:
    files.write_atomically(path, json.dumps(stored, indent=2) + "\n", durable=True)


@contextlib.contextmanager
def locked(workspace: Path) -> Iterator[None]:
    """Let one command at a time change the file. Where there are no locks (some network drives), go on without."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.enter_context(files.locked(progress_path(workspace).with_suffix(".lock")))
        yield


def understand(workspace: Path) -> tuple[Fields, frozenset[str]]:
    """What the file holds, without the damaged entries, and the slugs of the records that were lost."""
    nothing = {"format": FORMAT, "exercises": {}, "answers": {}}
    try:
        raw = json.loads(progress_path(workspace).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return nothing, frozenset()
    except (OSError, ValueError, RecursionError):
        return nothing, frozenset({ALL})
    if not isinstance(raw, dict):
        return nothing, frozenset({ALL})
    stored = nothing | (raw if "format" in raw else from_format_1(raw))
    if stored["format"] == 2:
        stored = from_format_2(stored)
    if not isinstance(stored["exercises"], dict) or not isinstance(stored["answers"], dict):
        return nothing, frozenset({ALL})
    lost = {slug for slug, fields in stored["exercises"].items() if not is_record(fields)}
    lost_answers = {slug for slug, given in stored["answers"].items() if not is_answers(given)}
    for slug in lost:
        del stored["exercises"][slug]
    for slug in lost_answers:
        del stored["answers"][slug]
    return stored, frozenset(lost | lost_answers)


def from_format_1(raw: Fields) -> Fields:
    """Format 1 held the best points by slug and nothing else."""
    points = raw.get("points")
    return {"exercises": {slug: {"best": best} for slug, best in points.items()} if isinstance(points, dict) else None}


def from_format_2(raw: Fields) -> Fields:
    """Format 2 stored ``hints_shown`` under the name ``rungs``."""
    if isinstance(raw["exercises"], dict):
        for fields in raw["exercises"].values():
            if isinstance(fields, dict) and "rungs" in fields:
                fields["hints_shown"] = fields.pop("rungs")
    return raw | {"format": FORMAT}


def is_record(fields: Any) -> bool:
    """Whether every field that this version knows has the right type."""
    if not isinstance(fields, dict):
        return False
    hints_shown = fields.get("hints_shown", {})
    return (
        all(is_number(fields[name]) for name in ("best", "out_of", "latest", "seconds") if name in fields)
        and all(is_moment(fields[name]) for name in ("best_at", "latest_at", "solved_at") if name in fields)
        and isinstance(hints_shown, dict)
        and all(type(level) is int and 0 <= level < GREATEST for level in hints_shown.values())
    )


def is_answers(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(letter, str) for letter in given.values())


def is_number(value: Any) -> bool:
    return type(value) in {int, float} and 0 <= value < GREATEST


def is_moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False

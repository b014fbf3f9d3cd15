"""Looks into one submission: chooses the file to grade and reads it, without following or waiting for anything."""

import re
import stat
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from grader.classroom.collect.submissions import Submission, and_list, listing
from grader.classroom.students import safe_for_display
from grader.engine.judge.source import MAX_BYTES

TIMESTAMP = "timestamp.txt"
SUBMISSIONS = (".py", ".ipynb")
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
TIME = re.compile(r"[\w:.,+\- ]{6,60}(?:/\w+){0,2}")  # Europe/Berlin, but no path, which a time zone could be too


class NothingToGrade(Exception):
    """The submission holds nothing that could be graded; the message is a sentence for student and instructor."""


@dataclass(frozen=True)
class Contents:
    """What was handed in: a file's name, fit to print, and its bytes; or a sentence that says why there is none."""

    file: str
    raw: bytes
    problem: str
    submitted: str | None  # ISO 8601


def open_submission(submission: Submission) -> Contents:
    """Read what is to be graded, and at most one byte more than may be."""
    submitted = None
    try:
        _expect_folder(submission.path)
        submitted = _timestamp(submission.path / TIMESTAMP)
        path = _choose(submission)
        return Contents(safe_for_display(path.name), read_plain(path, MAX_BYTES + 1), "", submitted)
    except NothingToGrade as error:
        return Contents("", b"", str(error), submitted)


def _expect_folder(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise NothingToGrade(f"{path.name} cannot be read ({error.strerror}).") from None
    if stat.S_ISLNK(mode):
        raise NothingToGrade(f"{path.name} is a link, which is not followed; hand in the folder itself.")
    if not stat.S_ISDIR(mode):
        raise NothingToGrade(f"{path.name} is not a folder; the work belongs into a folder of that name.")


def _choose(submission: Submission) -> Path:
    """The file to grade: the only one that it could be, or the only one that is named like the exercise."""
    try:
        entries = [entry for entry in listing(submission.path) if entry.name != TIMESTAMP]
    except OSError as error:
        raise NothingToGrade(f"{submission.path.name} cannot be read ({error.strerror}).") from None
    names = [entry.name for entry in entries]
    candidates = [name for name in names if name.lower().endswith(SUBMISSIONS)]
    own_names = {submission.lesson.slug, submission.lesson.stem}
    named = [name for name in candidates if re.sub(r"[ -]", "_", Path(name).stem.casefold()) in own_names]
    chosen = candidates if len(candidates) == 1 else named
    if len(chosen) == 1:
        return submission.path / chosen[0]
    if named:
        raise NothingToGrade(f"{and_list(named)} are named like the exercise; keep one of them.")
    if candidates:
        raise NothingToGrade(
            f"Of {and_list(candidates[:5])} none is named like the exercise; name the one to grade "
            f"{submission.lesson.slug}.py or {submission.lesson.slug}.ipynb."
        )
    if not names:
        raise NothingToGrade("The folder is empty; nothing was handed in.")
    if any(name.lower().endswith(ARCHIVES) for name in names):
        raise NothingToGrade(f"{and_list(names[:5])} was handed in packed; unpack it and hand in what is in it.")
    raise NothingToGrade(f"{and_list(names[:5])}: neither a Python file nor a notebook was handed in.")


def read_plain(path: Path, size: int) -> bytes:
    """Read the first bytes of an ordinary file.

    Raises:
        NothingToGrade: it is something else, or cannot be read.
    """
    name = safe_for_display(path.name)
    try:
        if path.is_symlink():
            raise NothingToGrade(f"{name} is a link, which is not followed; hand in the file itself.")
        if not stat.S_ISREG(path.lstat().st_mode):
            raise NothingToGrade(
                f"{name} is {'a folder' if path.is_dir() else 'not an ordinary file'}; hand in a file."
            )
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise NothingToGrade(f"{name} cannot be read ({error.strerror}).") from None


def _timestamp(path: Path) -> str | None:
    """When nbgrader says that it was handed in; without a time zone that is UTC, as in nbgrader."""
    try:
        text = read_plain(path, 100).decode().strip()
    except (NothingToGrade, UnicodeDecodeError):
        return None
    if not TIME.fullmatch(text):
        return None
    from dateutil import parser, tz

    moment, _, zone = text.rpartition(" ")
    try:
        known = tz.gettz(zone) if text.count(" ") == 2 and zone[:1].isalpha() else None
        time = parser.parse(moment).replace(tzinfo=known) if known else parser.parse(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()
    except (ValueError, OverflowError):
        return None

"""What an archive said of a submission: when it was uploaded, and whether Canvas called it late.

Times of files do not survive a copy or a backup, so they are noted in .digits/collected. A note holds for the very
files that were collected, and for no others.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.classroom.attempts import replaced_path
from grader.classroom.folder import CourseFolder
from grader.course import Lesson
from grader.files import write_atomically


@dataclass(frozen=True)
class Note:
    """What is known of one collected submission.

    Attributes:
        date: of its newest file, in seconds since the epoch.
        marked_late: Canvas said so.
        place: how the LMS began the name of its files; feedback goes back under this name.
        files: a hash of the names and bytes of its files.
    """

    date: float
    marked_late: bool
    place: str
    files: str


def read_note(folder: CourseFolder, lesson: Lesson, student: str, number: int = 0) -> Note | None:
    """The note on a submission, if there is one that can be read.

    Args:
        number: of an attempt that was replaced; 0 for the newest.
    """
    path = note_path(folder, lesson, student)
    if number:
        path = replaced_path(folder, lesson, student) / f"{number}.json"
    try:
        return Note(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_note(folder: CourseFolder, lesson: Lesson, student: str, note: Note) -> None:
    """Save a note.

    Raises:
        OSError: it cannot be written.
    """
    path = note_path(folder, lesson, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(asdict(note)), mode=0o600)


def note_path(folder: CourseFolder, lesson: Lesson, student: str) -> Path:
    return folder.private / "collected" / lesson.slug / f"{student}.json"


def hash_of(files: Mapping[str, bytes]) -> str:
    """A hash of names and bytes, whatever their order."""
    parts = [hashlib.sha256(part).digest() for name in sorted(files) for part in (name.encode(), files[name])]
    return hashlib.sha256(b"".join(parts)).hexdigest()

"""The records of a class: one JSON file for each graded submission, written whole or not at all."""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.classroom.folder import CourseFolder
from grader.verdict import Verdict


@dataclass(frozen=True)
class Record:
    """What came of one submission."""

    student: str  # the name of their folder in submitted/
    exercise: str  # the slug
    file: str  # what was graded, by its name in the submission's folder; empty where nothing could be
    submitted: str | None  # when it was handed in, ISO 8601 with its offset, if that is known
    graded: str  # when it was graded, ISO 8601 in UTC
    fingerprint: str  # of the bytes handed in, the checks, the data and the seed: equal means nothing to do again
    verdict: Verdict


def write_record(folder: CourseFolder, record: Record) -> Path:
    """Write a record so that it survives a power cut: it is there complete, or the one before is."""
    path = record_path(folder, record.exercise, record.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".", suffix=".draft", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return path


def read_record(path: Path) -> Record:
    """Read a record.

    Raises:
        OSError, ValueError: there is none, or it is damaged.
    """
    try:
        fields = json.loads(path.read_text("utf-8"))
        return Record(**{**fields, "verdict": Verdict.from_dict(fields["verdict"])})
    except (TypeError, KeyError) as error:
        raise ValueError(f"{path.name} is no record ({error}).") from None


def read_records(folder: CourseFolder) -> Iterator[Record]:
    """All records of a class that can be read, by exercise and student."""
    for path in sorted(folder.graded.glob("*/*.json")):
        try:
            yield read_record(path)
        except (OSError, ValueError):
            continue  # graded anew at the next run


def record_path(folder: CourseFolder, exercise: str, student: str) -> Path:
    return folder.graded / exercise / f"{student}.json"

"""The records of a class: one JSON file for each graded submission."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.api import Check
from grader.classroom.folder import CourseFolder, no_course, unwritable
from grader.classroom.students import safe_for_display
from grader.course import lessons
from grader.files import write_atomically
from grader.verdict import Verdict


@dataclass(frozen=True)
class Record:
    """The result of one submission."""

    student: str  # the name of their folder in submitted/
    exercise: str  # the slug
    file: str  # the name of the graded file in the submission; empty if there was none
    submitted: str | None  # the time of submission, ISO 8601 with its offset, if it is known
    graded: str  # the time of grading, ISO 8601 in UTC
    fingerprint: str  # of the submission, the checks, the data and the seed: if it is equal, so is the result
    verdict: Verdict
    marked_late: bool = False  # by Canvas, which says so in the name of the file, but not how late
    doubt: str = ""  # a sentence for the instructor about the time or the file
    attempt: int = 0  # the number of the attempt that counts, if it is an earlier one; 0 for the newest
    attempts: int = 1  # the best of how many counts


def write_record(folder: CourseFolder, record: Record, path: Path | None = None) -> Path:
    """Save a record so that it survives a power cut: after one, either it is there or the earlier one is.

    Args:
        path: by default, where the result that counts belongs.

    Raises:
        EngineError: it cannot be written. The records before it are safe.
    """
    path = path or record_path(folder, record.exercise, record.student)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(asdict(record), indent=1), mode=0o600, durable=True)
    except OSError as error:
        raise unwritable(folder.graded, error) from None
    return path


def read_record(path: Path) -> Record:
    """Read a record.

    Raises:
        OSError, ValueError: there is no record, or it is damaged.
    """
    try:
        fields = json.loads(path.read_text("utf-8"))
        return Record(**{**fields, "verdict": Verdict.from_dict(fields["verdict"])})
    except (TypeError, KeyError) as error:
        raise ValueError(f"{path.name} is not a record ({error}).") from None


def read_records(folder: CourseFolder) -> Iterator[Record]:
    """All readable records of a class in its exercises, in the order of exercise and student."""
    exercises = {lesson.slug for lesson in lessons()}
    for path in sorted(folder.graded.glob("*/*.json")):
        if path.parent.name not in exercises:  # the class has chosen others since
            continue
        try:
            yield read_record(path)
        except (OSError, ValueError):
            continue  # the next run grades it again


def no_results(folder: CourseFolder, of_it: str = "") -> str:
    """What to say where results are missing."""
    if not folder.is_begun:
        return no_course(folder.root)
    return (
        f"There are no results{of_it} in {safe_for_display(str(folder.graded))}/ yet. Run `digits class grade` first."
    )


def record_path(folder: CourseFolder, exercise: str, student: str) -> Path:
    return folder.graded / exercise / f"{student}.json"


def points_of(verdict: Verdict, checks: Iterable[Check]) -> dict[str, float | None]:
    """The points of each check; None if only the instructor can decide."""
    if verdict.outcome == "graded":
        return {result.name: result.points for result in verdict.checks}
    if verdict.outcome == "grader_error":
        certain = {result.name: result.points for result in verdict.checks if result.outcome in {"passed", "failed"}}
        return {check.name: certain.get(check.name) for check in checks}
    return {check.name: 0.0 for check in checks}

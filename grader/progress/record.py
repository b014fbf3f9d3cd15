"""What a learner has reached, in a readable file in their own copy. Everything is keyed by slug, never by number.

    {
      "format": 3,
      "exercises": {
        "pixels": {
          "best": 10, "out_of": 10, "best_at": "2026-03-01T18:04:10+01:00",
          "latest": 8, "latest_at": "2026-03-02T19:30:00+01:00",
          "solved_at": "2026-03-01T18:04:10+01:00",
          "seconds": 1260,
          "hints_shown": {"scale_pixels": 2}
        }
      },
      "answers": {"dense": {"untrained": "c"}},
      "recalled_on": "2026-03-02"
    }

`grader.progress.file` reads and writes the file, and sets a damaged one aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from grader.course import Lesson, find_lesson
from grader.progress.file import ALL, Fields, progress_path, read_file, update_file
from grader.verdict import Verdict

__all__ = [
    "Progress",
    "Record",
    "progress_path",
    "read_progress",
    "record_answer",
    "record_check",
    "record_hint",
    "record_unknown",
    "record_verdict",
]

LONGEST_GAP = 15 * 60  # seconds between two checks that count as work; anything longer was a break


@dataclass(frozen=True)
class Record:
    """What is known of one exercise.

    ``best`` is the highest score so far and ``out_of`` the maximum at that time; ``latest`` is the score of the latest
    check. ``seconds`` estimates the time spent. ``hints_shown`` counts the hints shown for each failing check.
    ``unknown`` is set when the record was lost and only a new check can tell whether the exercise is solved.
    """

    best: float = 0
    out_of: float | None = None
    best_at: datetime | None = None
    latest: float | None = None
    latest_at: datetime | None = None
    solved_at: datetime | None = None
    seconds: float = 0
    hints_shown: dict[str, int] = field(default_factory=dict)
    unknown: bool = False

    def solves(self, lesson: Lesson) -> bool:
        """Full points at some time, or as many as the lesson is worth now. Once solved, an exercise stays solved."""
        return self.solved_at is not None or self.best >= lesson.points

    def points(self, lesson: Lesson) -> float:
        """The best points, but never more than the lesson is worth now."""
        return min(self.best, lesson.points)


@dataclass(frozen=True)
class Progress:
    """The records of all exercises, and the quiz answers by the lesson's slug, then the question's key.

    ``recalled_on`` is the last day on which a review question was answered, in ISO format, or empty.
    ``damage`` is a sentence that says what was damaged and where the old file is, or empty.
    """

    records: dict[str, Record]
    answers: dict[str, dict[str, str]]
    recalled_on: str = ""
    lost: frozenset[str] = frozenset()
    damage: str = ""

    def of(self, lesson: Lesson) -> Record:
        return self.records.get(lesson.slug, Record())

    def has_lost(self, lesson: Lesson) -> bool:
        """Whether the unreadable part may have held a record of this lesson."""
        return bool(self.lost & {lesson.slug, ALL})


def read_progress(workspace: Path) -> Progress:
    """Read the file. A damaged one is renamed and kept, and its readable part stays in use."""
    return progress_of(*read_file(workspace))


def record_check(
    workspace: Path,
    slug: str,
    points: float,
    out_of: float,
    passed: Sequence[str] = (),
    saved_at: datetime | None = None,
) -> Progress:
    """Record the outcome of a check of a whole exercise.

    The time since the previous check counts as work only if the file was saved in between: `digits check` without a
    name checks every exercise, worked on or not. A long break counts as ``LONGEST_GAP`` at most.

    Args:
        points: what the work earned, out of ``out_of``.
        passed: the names of the checks that passed; their hints start over.
        saved_at: when the work was last saved.

    Raises:
        OSError: the file cannot be written. Its old content is still there.
    """
    now = datetime.now().astimezone().replace(microsecond=0)

    def enter(stored: Fields) -> None:
        own = stored["exercises"].setdefault(slug, {})
        before = record_of(own)
        if points > before.best or before.best_at is None:
            own |= {"best": whole(max(points, before.best)), "out_of": whole(out_of), "best_at": now.isoformat()}
        own |= {"latest": whole(points), "latest_at": now.isoformat()}
        if points >= out_of and before.solved_at is None:
            own["solved_at"] = now.isoformat()
        if before.latest_at and saved_at and saved_at.replace(microsecond=0) > before.latest_at:
            gap = (now - before.latest_at).total_seconds()
            own["seconds"] = round(before.seconds + min(max(gap, 0), LONGEST_GAP))
        own.pop("unknown", None)
        forget_hints(own, passed)

    return progress_of(*update_file(workspace, enter))


def record_verdict(workspace: Path, verdict: Verdict, worked_at: datetime | None = None) -> str:
    """Record a check of a whole exercise, unless the grader failed.

    Args:
        worked_at: when the work was last changed; by default, when its file was saved.

    Returns:
        A sentence for the learner if the record could not be kept or the file was damaged, else an empty string.
    """
    if verdict.outcome == "grader_error":
        return ""
    passed = [result.name for result in verdict.checks if result.outcome == "passed"]
    worked_at = worked_at or last_saved(find_lesson(verdict.exercise).exercise_path(workspace))
    try:
        return record_check(workspace, verdict.exercise, verdict.score, verdict.max_score, passed, worked_at).damage
    except OSError as error:
        return f"Your points could not be saved in {progress_path(workspace)} ({error.strerror})."


def last_saved(exercise: Path) -> datetime | None:
    """When an exercise, or the notebook beside it, was last saved."""
    saved = [path.stat().st_mtime for path in (exercise, exercise.with_suffix(".ipynb")) if path.is_file()]
    return datetime.fromtimestamp(max(saved), UTC) if saved else None


def record_hint(workspace: Path, slug: str, check: str, level: int, passed: Sequence[str] = ()) -> Progress:
    """Record how many hints of a check were shown. Hints of checks that pass start over."""

    def enter(stored: Fields) -> None:
        own = stored["exercises"].setdefault(slug, {})
        forget_hints(own, passed)
        own.setdefault("hints_shown", {})[check] = level

    return progress_of(*update_file(workspace, enter))


def record_unknown(workspace: Path, slugs: Sequence[str]) -> Progress:
    """Mark exercises whose state is unknown until their next check."""

    def enter(stored: Fields) -> None:
        for slug in slugs:
            stored["exercises"].setdefault(slug, {})["unknown"] = True

    return progress_of(*update_file(workspace, enter))


def record_answer(workspace: Path, slug: str, question: str, letter: str, recalled: bool = False) -> Progress:
    """Record an answer to a quiz question. ``recalled`` says that it was today's review question."""

    def enter(stored: Fields) -> None:
        stored["answers"].setdefault(slug, {})[question] = letter
        if recalled:
            stored["recalled_on"] = date.today().isoformat()

    return progress_of(*update_file(workspace, enter))


def progress_of(stored: Fields, lost: frozenset[str], damage: str) -> Progress:
    records = {slug: record_of(fields) for slug, fields in stored["exercises"].items()}
    return Progress(records, stored["answers"], str(stored.get("recalled_on", "")), lost, damage)


def record_of(fields: Fields) -> Record:
    known = {name: value for name, value in fields.items() if name in Record.__dataclass_fields__}
    times = {name: datetime.fromisoformat(value) for name, value in known.items() if name.endswith("_at")}
    return Record(**known | times)


def forget_hints(own: Fields, passed: Sequence[str]) -> None:
    left = {check: level for check, level in own.pop("hints_shown", {}).items() if check not in passed}
    if left:
        own["hints_shown"] = left


def whole(points: float) -> float:
    """Points as people write them: 8, not 8.0."""
    return int(points) if float(points).is_integer() else points

"""What a learner has reached, in a readable file in their own copy: everything by slug, never by number.

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

How the file is read, written and set aside is the business of `grader.progress.file`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from grader.course import Lesson
from grader.progress.file import ALL, Fields, progress_path, read_file, update_file

__all__ = [
    "Progress",
    "Record",
    "progress_path",
    "read_progress",
    "record_answer",
    "record_check",
    "record_hint",
    "record_unknown",
]

LONGEST_GAP = 15 * 60  # seconds between two checks that count as work; who was away longer took a break


@dataclass(frozen=True)
class Record:
    """What is known of one exercise.

    ``best`` are the most points ever, ``latest`` those of the latest check, ``out_of`` what the best could have been
    then. ``seconds`` estimates the time spent. ``hints_shown`` says how many hints of a failing check were shown.
    ``unknown`` is set when the record was lost and only a check can tell how the exercise stands.
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
        """Full points at some time, or as many as the lesson is worth by now: what was solved once stays solved."""
        return self.solved_at is not None or self.best >= lesson.points

    def points(self, lesson: Lesson) -> float:
        """The best points, and never more than the lesson is worth by now."""
        return min(self.best, lesson.points)


@dataclass(frozen=True)
class Progress:
    """The records of all exercises, and the answers to predictions: by the lesson's slug, then the question's key.

    ``recalled_on`` is the day on which an old question was answered last, in ISO format; empty if none ever was.
    ``damage`` says in a sentence that the file was damaged and what was done about it; empty if it was sound.
    """

    records: dict[str, Record]
    answers: dict[str, dict[str, str]]
    recalled_on: str = ""
    lost: frozenset[str] = frozenset()
    damage: str = ""

    def of(self, lesson: Lesson) -> Record:
        return self.records.get(lesson.slug, Record())

    def has_lost(self, lesson: Lesson) -> bool:
        """True when there may have been a record of this lesson in what could not be read."""
        return bool(self.lost & {lesson.slug, ALL})


def read_progress(workspace: Path) -> Progress:
    """Read the file. A damaged one is set aside under another name beside it, and what could be read of it stays."""
    return progress_of(*read_file(workspace))


def record_check(
    workspace: Path,
    slug: str,
    points: float,
    out_of: float,
    passed: Sequence[str] = (),
    saved_at: datetime | None = None,
) -> Progress:
    """Keep the outcome of a check of a whole exercise.

    The time since the check before counts as spent if the work was saved in between, so that checking everything does
    not make every exercise look worked on; and of a long break only the longest gap that counts as work is counted.

    Args:
        points: what the work earned, out of how many.
        passed: the names of the checks that passed; their hints begin anew.
        saved_at: when the work was saved last.

    Raises:
        OSError: the file cannot be written. What was in it before is still there.
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


def record_hint(workspace: Path, slug: str, check: str, level: int, passed: Sequence[str] = ()) -> Progress:
    """Keep how many hints of a check were shown. Those of the checks that pass begin anew."""

    def enter(stored: Fields) -> None:
        own = stored["exercises"].setdefault(slug, {})
        forget_hints(own, passed)
        own.setdefault("hints_shown", {})[check] = level

    return progress_of(*update_file(workspace, enter))


def record_unknown(workspace: Path, slugs: Sequence[str]) -> Progress:
    """Keep that nobody knows how these exercises stand, until their next check."""

    def enter(stored: Fields) -> None:
        for slug in slugs:
            stored["exercises"].setdefault(slug, {})["unknown"] = True

    return progress_of(*update_file(workspace, enter))


def record_answer(workspace: Path, slug: str, question: str, letter: str, recalled: bool = False) -> Progress:
    """Keep the learner's answer to one of a lesson's predictions, and whether it was the old question of today."""

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

"""What came of a class, short enough to keep for a thousand submissions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import mean

from grader.classroom.records import Record

ENDED_BADLY = ("timeout", "memory", "crashed")
NOT_TRIED = ("not_attempted", "skipped")
MAX_TEXT = 240


@dataclass(frozen=True)
class Row:
    """One submission: its points, and what an instructor should look at."""

    student: str
    exercise: str
    outcome: str
    score: float
    max_score: float
    isolation: str
    to_review: tuple[str, ...]

    @classmethod
    def of(cls, record: Record) -> "Row":
        verdict = record.verdict
        return cls(
            record.student,
            record.exercise,
            verdict.outcome,
            verdict.score,
            verdict.max_score,
            verdict.isolation,
            tuple(_remarks(record)),
        )

    @property
    def is_grader_error(self) -> bool:
        return self.outcome == "grader_error"

    @property
    def points(self) -> str:
        """The points in words; what the grader failed at has none, not even zero."""
        return "not graded" if self.is_grader_error else f"{self.score:g}/{self.max_score:g}"


def _remarks(record: Record) -> Iterator[str]:
    verdict = record.verdict
    if verdict.outcome != "graded":
        yield _short(f"{verdict.outcome.replace('_', ' ')}: {verdict.message}")
    for check in verdict.checks:
        if verdict.outcome == "graded" and check.outcome in ENDED_BADLY:
            yield _short(f"{check.outcome} in {check.name}: {check.message}")
    tried = [check for check in verdict.checks if verdict.outcome == "graded" and check.outcome not in NOT_TRIED]
    if tried and not verdict.score and not any(check.outcome in ENDED_BADLY for check in tried):
        yield _short(f"tried, and no points: {tried[0].message or tried[0].title}")
    if verdict.flags:
        yield f"flags: {', '.join(verdict.flags)}"


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


@dataclass(frozen=True)
class Scores:
    """The scores in one exercise, of those submissions that the grader could grade."""

    exercise: str
    count: int
    mean: float
    full: int
    none: int
    max_score: float


def scores(rows: Iterable[Row]) -> Iterator[Scores]:
    """One for each exercise, in the order in which they come."""
    by_exercise: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not row.is_grader_error:
            by_exercise[row.exercise].append(row)
    for exercise, graded in by_exercise.items():
        points = [row.score for row in graded]
        full = sum(row.score == row.max_score for row in graded)
        yield Scores(exercise, len(graded), mean(points), full, points.count(0), graded[0].max_score)

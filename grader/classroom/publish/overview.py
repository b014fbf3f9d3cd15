"""Sums up a class for its instructor: one short row for each submission, and counts for each exercise.

Records are read one after the other and not kept, so that a large class needs little memory.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import mean

from grader.classroom.records import Record
from grader.verdict import CheckResult

ENDED_BADLY = ("timeout", "memory", "crashed")
NOT_TRIED = ("not_attempted", "skipped")
MAX_TEXT = 240
# What the flags of the engine mean to an instructor. A flag is a reason to look, and proves nothing by itself.
MEANINGS = {
    "large_constant": "The file holds more information than code of this course needs: perhaps stored weights, perhaps "
    "a long table or text. Look at its longest lines.",
    "too_perfect": "The accuracy is far above what the reference solution reaches. Look at how the model gets it.",
    "another_network": "The loaded predictor does not answer as the saved network does whose parameters were counted. "
    "Look at load_predictor: does it average views of an image, or ask something else?",
    "trained_at_build": "A model that was only just built already knew the digits. Look at what else build_model does.",
    "self-reported": "The model could not be rebuilt from its layers, so its accuracy rests on its own predictions. "
    "Look at its custom layers and at predict.",
}
UNKNOWN = "Look at the submission."


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
        """The points in words. If the grader failed there are none, not even zero."""
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
        yield _short(f"tried, but no points: {tried[0].message or tried[0].title}")
    if record.doubt:
        yield _short(f"time: {record.doubt}")
    if verdict.flags:
        yield f"flags: {', '.join(verdict.flags)}"


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


@dataclass(frozen=True)
class Scores:
    """The scores in one exercise, without submissions that the grader failed to grade."""

    exercise: str
    count: int
    mean: float
    full: int
    none: int
    max_score: float


def scores_of(rows: Iterable[Row]) -> Iterator[Scores]:
    """The scores in each exercise, in the order of the rows."""
    by_exercise: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not row.is_grader_error:
            by_exercise[row.exercise].append(row)
    for exercise, graded in by_exercise.items():
        points = [row.score for row in graded]
        full = sum(row.score == row.max_score for row in graded)
        yield Scores(exercise, len(graded), mean(points), full, points.count(0), graded[0].max_score)


@dataclass
class CheckCount:
    """Who passed a check, failed it, or has nothing written for it."""

    title: str
    passed: int = 0
    failed_by: list[str] = field(default_factory=list)
    not_written_by: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.passed + len(self.failed_by) + len(self.not_written_by)

    def add(self, student: str, result: CheckResult) -> None:
        if result.outcome == "passed":
            self.passed += 1
        elif result.outcome in {"not_attempted", "skipped"}:
            self.not_written_by.append(student)
        elif result.outcome != "grader_error":
            self.failed_by.append(student)


@dataclass
class MistakeCount:
    """Who made a known mistake."""

    name: str
    explanation: str
    students: list[str] = field(default_factory=list)


@dataclass
class ExerciseOverview:
    """The results in one exercise."""

    slug: str
    max_score: float
    rows: list[Row] = field(default_factory=list)
    checks: dict[str, CheckCount] = field(default_factory=dict)
    mistakes: dict[str, MistakeCount] = field(default_factory=dict)
    flags: dict[str, list[str]] = field(default_factory=dict)  # flag: students
    outcomes: Counter[str] = field(default_factory=Counter)
    accuracies: list[float] = field(default_factory=list)
    did_not_run: int = 0  # submissions that count 0 without a result of any check

    def add(self, record: Record) -> None:
        verdict = record.verdict
        self.max_score = verdict.max_score
        self.rows.append(Row.of(record))
        self.outcomes[verdict.outcome] += 1
        self.did_not_run += not verdict.checks and verdict.outcome != "grader_error"
        for flag in verdict.flags:
            self.flags.setdefault(flag, []).append(record.student)
        for result in verdict.checks:
            self.checks.setdefault(result.name, CheckCount(result.title)).add(record.student, result)
        explanations = {result.mistake: result.explanation for result in verdict.checks if result.mistake}
        for mistake, explanation in explanations.items():
            self.mistakes.setdefault(mistake, MistakeCount(mistake, explanation)).students.append(record.student)
        self.accuracies += [
            result.measurements["accuracy"] for result in verdict.checks if "accuracy" in result.measurements
        ]

    @property
    def hardest_checks(self) -> list[CheckCount]:
        return sorted(self.checks.values(), key=lambda check: (-len(check.failed_by), -len(check.not_written_by)))

    @property
    def frequent_mistakes(self) -> list[MistakeCount]:
        return sorted(self.mistakes.values(), key=lambda known: (-len(known.students), known.name))

    @property
    def with_remarks(self) -> list[Row]:
        """Submissions that ran and need attention for more than their flags."""
        ran = [row for row in self.rows if row.outcome == "graded" or row.outcome in ENDED_BADLY]
        return [row for row in ran if any(not remark.startswith("flags: ") for remark in row.to_review)]

    def rows_with(self, outcome: str) -> list[Row]:
        return [row for row in self.rows if row.outcome == outcome]


@dataclass
class Overview:
    """The results of a class."""

    exercises: dict[str, ExerciseOverview] = field(default_factory=dict)
    tiers: Counter[str] = field(default_factory=Counter)  # of the submissions that were run

    def add(self, record: Record) -> None:
        slug = record.exercise
        self.exercises.setdefault(slug, ExerciseOverview(slug, record.verdict.max_score)).add(record)
        if record.verdict.outcome not in {"invalid", "grader_error"}:
            self.tiers[record.verdict.isolation] += 1

    @property
    def submissions(self) -> int:
        return sum(len(exercise.rows) for exercise in self.exercises.values())


def meaning(flag: str) -> str:
    """What an instructor should look at if a submission has a flag."""
    return MEANINGS.get(flag, UNKNOWN)

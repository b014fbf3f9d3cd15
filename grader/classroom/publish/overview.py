"""Sums up a class for its instructor, one record after the other, so that a large class needs little memory."""

from collections import Counter
from dataclasses import dataclass, field

from grader.classroom.publish.summary import ENDED_BADLY, Row
from grader.classroom.records import Record
from grader.verdict import CheckResult


@dataclass
class CheckCount:
    """How a check went: how many submissions passed it, and how many of those that were written did not."""

    title: str
    passed: int = 0
    failed: int = 0
    not_written: int = 0

    @property
    def count(self) -> int:
        return self.passed + self.failed + self.not_written

    def add(self, result: CheckResult) -> None:
        if result.outcome == "passed":
            self.passed += 1
        elif result.outcome in {"not_attempted", "skipped"}:
            self.not_written += 1
        elif result.outcome != "grader_error":
            self.failed += 1


@dataclass
class MistakeCount:
    """How many submissions made a known mistake."""

    name: str
    explanation: str
    submissions: int = 0


@dataclass
class ExerciseOverview:
    """What came of one exercise."""

    slug: str
    max_score: float
    rows: list[Row] = field(default_factory=list)
    checks: dict[str, CheckCount] = field(default_factory=dict)
    mistakes: dict[str, MistakeCount] = field(default_factory=dict)
    flags: dict[str, list[str]] = field(default_factory=dict)  # flag: students
    outcomes: Counter[str] = field(default_factory=Counter)
    accuracies: list[float] = field(default_factory=list)

    def add(self, record: Record) -> None:
        verdict = record.verdict
        self.max_score = verdict.max_score
        self.rows.append(Row.of(record))
        self.outcomes[verdict.outcome] += 1
        for flag in verdict.flags:
            self.flags.setdefault(flag, []).append(record.student)
        for result in verdict.checks:
            self.checks.setdefault(result.name, CheckCount(result.title)).add(result)
        for result in {result.mistake: result for result in verdict.checks if result.mistake}.values():
            known = self.mistakes.setdefault(result.mistake, MistakeCount(result.mistake, result.explanation))
            known.submissions += 1
        self.accuracies += [
            result.measurements["accuracy"] for result in verdict.checks if "accuracy" in result.measurements
        ]

    @property
    def scores(self) -> list[float]:
        """The points of all submissions that the grader could grade."""
        return [row.score for row in self.rows if not row.is_grader_error]

    @property
    def hardest_checks(self) -> list[CheckCount]:
        return sorted(self.checks.values(), key=lambda check: (-check.failed, -check.not_written))

    @property
    def frequent_mistakes(self) -> list[MistakeCount]:
        return sorted(self.mistakes.values(), key=lambda known: (-known.submissions, known.name))

    @property
    def to_look_at(self) -> list[Row]:
        """Submissions that ran and have something remarkable beside their flags."""
        ran = [row for row in self.rows if row.outcome == "graded" or row.outcome in ENDED_BADLY]
        return [row for row in ran if any(not remark.startswith("flags: ") for remark in row.to_review)]

    def rows_with(self, outcome: str) -> list[Row]:
        return [row for row in self.rows if row.outcome == outcome]


@dataclass
class Overview:
    """What came of a class."""

    exercises: dict[str, ExerciseOverview] = field(default_factory=dict)
    tiers: Counter[str] = field(default_factory=Counter)  # of submissions that were run

    def add(self, record: Record) -> None:
        slug = record.exercise
        self.exercises.setdefault(slug, ExerciseOverview(slug, record.verdict.max_score)).add(record)
        if record.verdict.outcome not in {"invalid", "grader_error"}:
            self.tiers[record.verdict.isolation] += 1

    @property
    def students(self) -> list[str]:
        return sorted({row.student for exercise in self.exercises.values() for row in exercise.rows})

    @property
    def submissions(self) -> int:
        return sum(len(exercise.rows) for exercise in self.exercises.values())

    def by_place(self) -> dict[tuple[str, str], Row]:
        """Each submission by its student and exercise."""
        return {(row.student, row.exercise): row for exercise in self.exercises.values() for row in exercise.rows}

"""The result of grading: a verdict on a submission, and on each of its checks."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

CheckOutcome = Literal["passed", "failed", "not_attempted", "timeout", "memory", "crashed", "skipped", "grader_error"]
Outcome = Literal["graded", "invalid", "timeout", "memory", "crashed", "grader_error"]


@dataclass
class Picture:
    """A small image to show beside the words: rows of numbers from 0 (paper) to 1 (full ink)."""

    title: str
    values: list[list[float]]


@dataclass
class CheckResult:
    """The result of one check.

    Attributes:
        hint: the next question to ask.
        raised, where: an exception of the learner's code, and the place: exercises/01_pixels.py:33 in label_counts.
        function: the one that is not written yet, if that is the result.
        printed: the beginning of what the learner's code printed, and in ``lost`` how many lines came after that.
    """

    name: str
    title: str
    outcome: CheckOutcome
    points: float
    max_points: float
    mistake: str | None = None
    message: str = ""
    hint: str = ""
    called: str = ""
    returned: str = ""
    expected: str = ""
    explanation: str = ""
    line: int | None = None
    code: str = ""
    printed: str = ""
    lost: int = 0
    raised: str = ""
    where: str = ""
    function: str = ""
    measurements: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    pictures: list[Picture] = field(default_factory=list)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "CheckResult":
        """The inverse of dataclasses.asdict."""
        return cls(**{**fields, "pictures": [Picture(**picture) for picture in fields.get("pictures", [])]})

    def to_json(self) -> dict[str, Any]:
        """The object that stands for this check in `digits grade --json`."""
        names = ("name", "title", "outcome", "points", "max_points", "mistake", "message", "hint")
        return {name: value for name, value in asdict(self).items() if name in names}


@dataclass
class Verdict:
    """The result of one submission."""

    exercise: str
    outcome: Outcome
    max_score: float
    isolation: str
    checks: list[CheckResult]
    message: str = ""
    seconds: float = 0.0
    flags: list[str] = field(default_factory=list)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "Verdict":
        """The inverse of dataclasses.asdict."""
        return cls(**{**fields, "checks": [CheckResult.from_dict(check) for check in fields["checks"]]})

    @property
    def score(self) -> float:
        """The points earned; 0 where the submission as a whole was not graded."""
        return sum(result.points for result in self.checks) if self.outcome == "graded" else 0.0

    def to_json(self) -> dict[str, Any]:
        """The object that `digits grade --json` prints."""
        return {
            "exercise": self.exercise,
            "outcome": self.outcome,
            "message": self.message,
            "score": None if self.outcome == "grader_error" else self.score,
            "max_score": self.max_score,
            "isolation": self.isolation,
            "seconds": round(self.seconds, 1),
            "flags": self.flags,
            "checks": [result.to_json() for result in self.checks],
        }

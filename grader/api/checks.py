"""What a check is: a test function with points, a title, hints, and the checks that must pass before it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One graded property of an exercise; see `check` for its fields."""

    function: Callable[..., None]
    points: float
    title: str
    hints: tuple[str, ...]
    after: tuple["Check", ...]
    trains: bool
    most_bytes: int

    @property
    def name(self) -> str:
        """The function's name without ``test_``, unique within an exercise."""
        return self.function.__name__.removeprefix("test_")

    @property
    def takes_long(self) -> bool:
        """True if the check trains, or depends on one that does."""
        return self.trains or any(needed.takes_long for needed in self.after)


def check(
    points: float,
    title: str,
    hints: Sequence[str] = (),
    after: Sequence[Check] = (),
    trains: bool = False,
    most_bytes: int = MEBIBYTE,
) -> Callable[[Callable[..., None]], Check]:
    """Turn a test function into a check.

    Args:
        points: what passing it is worth; the points of an exercise add up to its points in the manifest.
        title: the property in the learner's words, as a statement that is true when the check passes.
        hints: three, each saying more: a question, the concept, a worked hint.
        after: checks that must pass first; until then this one is skipped.
        trains: the learner's function trains a model, so the longer time limit holds and progress is shown.
        most_bytes: of arrays that one call of the learner's function may return; larger answers are refused unread.
    """

    def decorate(function: Callable[..., None]) -> Check:
        return Check(function, float(points), title, tuple(hints), tuple(after), trains, most_bytes)

    return decorate

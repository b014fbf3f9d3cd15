"""The rows of the board, and how they compare. Those of the course are in ``grader/board.toml``.

Times are multiples of what the reference of lesson 14 takes on the same computer, so computers of any speed can share a
board.
"""

import json
import math
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.course import PACKAGE

PATH = PACKAGE / "board.toml"
TEST_DIGITS = 10_000
AXES = {
    "errors": "fewer errors",
    "parameters": "fewer parameters",
    "training": "less training",
    "reading": "less time to read",
}
SAME = {  # times are called the same if the longer one is at most so many times the shorter one
    "training": 1.5,  # timed once, and on a day of its own: the same training takes from 1 to 1.4 times as long
    "reading": 1.15,  # the best of several, in turns with the reference
}


@dataclass(frozen=True)
class Row:
    """One network on the board.

    Attributes:
        name: what it is called there.
        parameters: how many numbers it consists of.
        accuracy: the fraction of the 10,000 test digits that it reads right, 0 to 1.
        reading: how long it takes to read 1,000 digits, as a multiple of the reference's time.
        training: how long its training took, as such a multiple; None where nobody has measured it.
        lesson: the one whose exercise it is; None where that is not known.
    """

    name: str
    parameters: int
    accuracy: float
    reading: float
    training: float | None = None
    lesson: int | None = None

    @property
    def errors(self) -> float:
        """The fraction of the test digits that it reads wrong."""
        return 1 - self.accuracy

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the accuracy by Wilson's formula, as in lesson 8: what the choice of these test digits
        leaves open."""
        z, n, share = 1.96, TEST_DIGITS, self.accuracy
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
        return middle - half, middle + half


def better_in(other: Row, row: Row) -> list[str]:
    """In what another network is clearly better, in words, if it is clearly worse in nothing; else nothing.

    Accuracies inside each other's interval are as good as equal, and so are times that differ by little. What is not
    known of both networks is left out.
    """
    signs = {name: compare(name, other, row) for name in AXES}
    return [] if 1 in signs.values() else [AXES[name] for name, sign in signs.items() if sign == -1]


def compare(name: str, other: Row, row: Row) -> int:
    """-1 if another network needs clearly less of something than a row, 1 if clearly more, 0 if neither can be said."""
    theirs, ours = getattr(other, name), getattr(row, name)
    if theirs is None or ours is None:
        return 0
    if name == "errors":
        low, high = row.interval
        is_same = low <= other.accuracy <= high
    elif name == "parameters":
        is_same = theirs == ours
    else:
        is_same = max(theirs, ours) <= SAME[name] * min(theirs, ours)
    return 0 if is_same else -1 if theirs < ours else 1


def best_first(rows: Iterable[Row]) -> list[Row]:
    """The rows by accuracy; equal ones by size."""
    return sorted(rows, key=lambda row: (row.errors, row.parameters, row.name))


def read_board(path: Path = PATH) -> tuple[list[Row], float]:
    """The rows of the course, and how many steps of the yardstick the reference's training takes."""
    known = tomllib.loads(path.read_text("utf-8"))
    return [Row(**fields) for fields in known["row"]], known["reference_steps"]


def written(header: str, rows: Iterable[Row], reference_steps: float) -> str:
    """A board as the text of its file."""
    text = f"{header}reference_steps = {reference_steps:.0f}\n"
    for row in rows:
        known = {key: value for key, value in asdict(row).items() if value is not None}
        text += "\n[[row]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in known.items())
    return text

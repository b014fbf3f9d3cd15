"""Recognizes the digits in many picture files with one network."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.handwriting.pictures import Pictures, Unreadable
from grader.handwriting.prepared import Prepared, prepare_file
from grader.handwriting.words import name_of

GUESS = 0.5  # a confidence below this is little better than a guess
SURE = 0.75  # of 10,000 test digits the reference reads 65 with less, and 24 of those wrong


@dataclass(frozen=True)
class Reading:
    """What a network makes of one digit.

    Attributes:
        probabilities: float (10,).
        doubt: why this may be no digit at all; "" if nothing speaks against it.
        line, position: where it stands on its page, counted from 1.
        box: left, top, right and bottom as shares of the picture's width and height; none if it is alone.
    """

    probabilities: np.ndarray
    doubt: str = ""
    line: int = 1
    position: int = 1
    box: tuple[float, float, float, float] | None = None

    @property
    def digit(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def runner_up(self) -> int:
        """The second most probable digit."""
        return int(self.probabilities.argsort()[-2])

    @property
    def second_confidence(self) -> float:
        return float(self.probabilities[self.runner_up])

    @property
    def is_doubtful(self) -> bool:
        """It may be no digit, or the answer is a guess."""
        return bool(self.doubt) or self.confidence < GUESS

    @property
    def is_unsure(self) -> bool:
        """It may well be another digit, or none."""
        return bool(self.doubt) or self.confidence < SURE


@dataclass(frozen=True)
class Prediction:
    """The result for one picture file: its prepared digits and what they were read as, or a sentence that says why not.

    A picture with one digit has one reading; before `recognize`, there are none.
    """

    path: Path
    prepared: Prepared | None = None
    readings: tuple[Reading, ...] = ()
    error: str = ""

    @property
    def name(self) -> str:
        return name_of(self.path)

    @property
    def is_page(self) -> bool:
        """There are several digits."""
        return bool(self.prepared and self.prepared.page)

    def lines(self) -> list[list[Reading]]:
        """The readings, line by line."""
        last = self.readings[-1].line if self.readings else 0
        return [[one for one in self.readings if one.line == number] for number in range(1, last + 1)]

    def to_json(self) -> list[dict[str, Any]]:
        """One entry for each digit, with four keys: path, digit, confidence and probabilities. A doubtful one has
        ``doubt`` as well; one of several has ``line``, ``position`` and ``box``. A picture that could not be read has
        one entry, with ``error``."""
        if not self.readings:
            nothing = dict.fromkeys(("digit", "confidence", "probabilities"))
            return [{"path": self.name, **nothing, "error": self.error}]
        return [self.entry(reading) for reading in self.readings]

    def entry(self, reading: Reading) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "path": self.name,
            "digit": reading.digit,
            "confidence": reading.confidence,
            "probabilities": reading.probabilities.tolist(),
        }
        if reading.box:
            entry |= {"line": reading.line, "position": reading.position, "box": [round(x, 4) for x in reading.box]}
        return entry | ({"doubt": reading.doubt} if reading.doubt else {})


def prepare_files(paths: Iterable[Path], pictures: Pictures, every_stage: bool = False) -> Iterator[Prediction]:
    """Prepare one file after another, without recognizing any digit yet."""
    for path in paths:
        try:
            yield Prediction(path, prepare_file(path, pictures, every_stage))
        except Unreadable as error:
            yield Prediction(path, error=str(error))


def recognize(predictions: list[Prediction], probabilities_of: Callable[[np.ndarray], np.ndarray]) -> list[Prediction]:
    """Recognize all prepared digits in one batch, (n, 28, 28) in and (n, 10) out; the others stay as they are."""
    digits = [prediction.prepared.digits for prediction in predictions if prediction.prepared]
    rows = iter(probabilities_of(np.concatenate(digits)))
    return [
        Prediction(one.path, one.prepared, tuple(readings_of(one.prepared, rows))) if one.prepared else one
        for one in predictions
    ]


def readings_of(prepared: Prepared, rows: Iterator[np.ndarray]) -> Iterator[Reading]:
    """The readings of one picture, from as many rows of probabilities as it has digits."""
    if prepared.page is None:
        yield Reading(next(rows), prepared.doubts[0])
        return
    height, width = prepared.size
    doubts = iter(prepared.doubts)
    for line, spots in enumerate(prepared.page.lines, 1):
        for position, spot in enumerate(spots, 1):
            top, left, bottom, right = spot.box
            box = left / width, top / height, right / width, bottom / height
            yield Reading(next(rows), next(doubts), line, position, box)

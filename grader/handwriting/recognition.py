"""Recognizes the digits in many picture files with one network."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.handwriting.pictures import Pictures, Unreadable
from grader.handwriting.prepared import Prepared, prepare_file


@dataclass(frozen=True)
class Prediction:
    """The result for one picture file: the probabilities (10,) of its prepared digit, or a sentence that says why not.

    The properties are for pictures that have probabilities.
    """

    path: Path
    prepared: Prepared | None = None
    probabilities: np.ndarray | None = None
    error: str = ""

    @property
    def known(self) -> np.ndarray:
        """The probabilities, where there are any."""
        if self.probabilities is None:
            raise ValueError(f"{self.path} has not been recognized.")
        return self.probabilities

    @property
    def digit(self) -> int:
        return int(self.known.argmax())

    @property
    def confidence(self) -> float:
        return float(self.known.max())

    @property
    def runner_up(self) -> int:
        """The second most probable digit."""
        return int(self.known.argsort()[-2])

    @property
    def second_confidence(self) -> float:
        return float(self.known[self.runner_up])

    def to_json(self) -> dict[str, Any]:
        """Four keys in every case; a fifth one, ``error``, for a picture that could not be read."""
        if self.probabilities is None:
            nothing = dict.fromkeys(("digit", "confidence", "probabilities"))
            return {"path": str(self.path), **nothing, "error": self.error}
        return {
            "path": str(self.path),
            "digit": self.digit,
            "confidence": self.confidence,
            "probabilities": self.probabilities.tolist(),
        }


def prepare_files(paths: Iterable[Path], pictures: Pictures, every_stage: bool = False) -> Iterator[Prediction]:
    """Prepare one file after another, without recognizing any digit yet."""
    for path in paths:
        try:
            yield Prediction(path, prepare_file(path, pictures, every_stage))
        except Unreadable as error:
            yield Prediction(path, error=str(error))


def recognize(predictions: list[Prediction], probabilities_of: Callable[[np.ndarray], np.ndarray]) -> list[Prediction]:
    """Recognize all prepared digits in one batch, (n, 28, 28) in and (n, 10) out; the others stay as they are."""
    prepared = [prediction.prepared for prediction in predictions if prediction.prepared]
    rows = iter(probabilities_of(np.stack([one.digit for one in prepared])))
    return [
        Prediction(prediction.path, prediction.prepared, next(rows)) if prediction.prepared else prediction
        for prediction in predictions
    ]

"""Reads many picture files with one network."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.handwriting.pictures import Unreadable
from grader.handwriting.prepared import Prepared, prepare_file


@dataclass(frozen=True)
class Prediction:
    """What came of one picture file: either the probabilities (10,) of its prepared digit, or a sentence why not."""

    path: Path
    prepared: Prepared | None = None
    probabilities: np.ndarray | None = None
    error: str = ""

    @property
    def digit(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def runner_up(self) -> int:
        return int(self.probabilities.argsort()[-2])

    def to_json(self) -> dict[str, Any]:
        """Four keys whatever came of it; what could not be read says why in a fifth."""
        if self.probabilities is None:
            nothing = dict.fromkeys(("digit", "confidence", "probabilities"))
            return {"path": str(self.path), **nothing, "error": self.error}
        return {
            "path": str(self.path),
            "digit": self.digit,
            "confidence": self.confidence,
            "probabilities": self.probabilities.tolist(),
        }


def prepare_files(paths: Iterable[Path], every_stage: bool = False) -> Iterator[Prediction]:
    """Prepare one file after the other; none of them is read yet."""
    for path in paths:
        try:
            yield Prediction(path, prepare_file(path, every_stage))
        except Unreadable as error:
            yield Prediction(path, error=str(error))


def read(predictions: list[Prediction], probabilities_of: Callable[[np.ndarray], np.ndarray]) -> list[Prediction]:
    """Have all that was prepared read at once, (n, 28, 28) in and (n, 10) out; the others stay as they are."""
    prepared = [prediction.prepared for prediction in predictions if prediction.prepared]
    rows = iter(probabilities_of(np.stack([one.digit for one in prepared])))
    return [
        Prediction(prediction.path, prediction.prepared, next(rows)) if prediction.prepared else prediction
        for prediction in predictions
    ]

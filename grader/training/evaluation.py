"""How well the test digits were read: accuracy, precision and recall of each class, the confusion matrix."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Evaluation:
    """Figures from true and predicted labels.

    Attributes:
        confusion: int (10, 10); entry (i, j) counts the digits i that were read as j.
    """

    confusion: np.ndarray

    @property
    def accuracy(self) -> float:
        """The share of all digits that were read right."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def precision(self) -> list[float | None]:
        """For each class, the share of right ones among those read as this class; None where there are none."""
        return shares(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> list[float | None]:
        """For each class, the share of its digits that were read right."""
        return shares(np.diag(self.confusion), self.confusion.sum(axis=1))


def evaluate(labels: np.ndarray, predicted: np.ndarray) -> Evaluation:
    """Compare labels (n,) with predictions (n,), both 0..9. Other predictions are errors without a column."""
    confusion = np.zeros((10, 10), int)
    is_class = (predicted >= 0) & (predicted < 10)
    np.add.at(confusion, (labels[is_class].astype(int), predicted[is_class].astype(int)), 1)
    return Evaluation(confusion)


def shares(parts: np.ndarray, wholes: np.ndarray) -> list[float | None]:
    return [float(part / whole) if whole else None for part, whole in zip(parts, wholes, strict=True)]

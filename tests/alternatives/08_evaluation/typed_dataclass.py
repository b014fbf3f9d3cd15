# alternative: typed, a dataclass per class, float32 scores, the interval by bisection
import math
from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np


@dataclass(frozen=True)
class Tally:
    hits: int
    predicted: int
    actual: int

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.actual if self.actual else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.predicted + self.actual) if self.hits else 0.0


def tallies(matrix: np.ndarray) -> list[Tally]:
    return [Tally(int(matrix[c, c]), int(matrix[:, c].sum()), int(matrix[c].sum())) for c in range(len(matrix))]


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int = 10) -> np.ndarray:
    pairs = Counter(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    return np.array([[pairs[t, p] for p in range(num_classes)] for t in range(num_classes)])


def precision_recall_f1(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = np.array([(tally.precision, tally.recall, tally.f1) for tally in tallies(matrix)], dtype=np.float32)
    return tuple(rows.T)


def macro_f1(matrix: np.ndarray) -> np.float32:
    return np.float32(np.mean([tally.f1 for tally in tallies(matrix)]))


def accuracy_interval(num_correct: int, num_total: int, confidence: float = 0.95) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = num_correct / num_total

    def end(inside: float, outside: float) -> float:
        for _ in range(80):
            p = (inside + outside) / 2
            if abs(share - p) <= z * math.sqrt(p * (1 - p) / num_total):
                inside = p
            else:
                outside = p
        return inside

    return end(share, 0.0), end(share, 1.0)


def most_confused(matrix: np.ndarray) -> tuple[int, int]:
    size = len(matrix)
    wrong = ((t, p) for t in range(size) for p in range(size) if t != p)
    return max(wrong, key=lambda cell: matrix[cell])

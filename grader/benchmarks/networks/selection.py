"""How something about a training is chosen: without the test set.

Of the 60,000 training digits, the last 10,000 are held out. Candidates train on the others and are compared on these.
Nothing in this module can see a test digit, and a test makes sure of it.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.data import load_mnist

if TYPE_CHECKING:
    import keras

HELD_OUT = 10_000
SEEDS = 4
Train = Callable[[np.ndarray, np.ndarray, int, int], "keras.Model"]  # images, labels, digits to see, seed


@dataclass(frozen=True)
class Trial:
    """A candidate, how many digits its training sees, and its accuracies on the held-out digits."""

    digits: int
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        return statistics.mean(self.accuracies)


def training_digits() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """The digits to train on, and those that are held out: images uint8 (n, 28, 28) and labels (n,) of each."""
    (images, labels), _ = load_mnist()
    return (images[:-HELD_OUT], labels[:-HELD_OUT]), (images[-HELD_OUT:], labels[-HELD_OUT:])


def scores_of(model: "keras.Model", images: np.ndarray) -> np.ndarray:
    """What a model makes of digits: float32 (n, 10)."""
    scores: np.ndarray = model.predict(images, batch_size=1000, verbose=0)
    return scores


def share_right(scores: np.ndarray, labels: np.ndarray) -> float:
    """The fraction of digits whose highest score is that of their label."""
    return float(np.mean(scores.argmax(axis=1) == labels))


def trial(train: Train, digits: int, seeds: int = SEEDS) -> Trial:
    """Train a candidate with some seeds, and read the held-out digits."""
    known, (images, labels) = training_digits()
    models = (train(*known, digits, seed) for seed in range(seeds))
    return Trial(digits, tuple(share_right(scores_of(model, images), labels) for model in models))


def fewest_digits(train: Train, goal: float, budgets: Sequence[int]) -> tuple[int, list[Trial]]:
    """The smallest budget whose mean accuracy on the held-out digits reaches a goal, by bisection.

    Args:
        budgets: numbers of digits to see, in order.

    Returns:
        The budget, and all trials on the way to it.

    Raises:
        ValueError: the largest budget is not enough.
    """
    trials: list[Trial] = []
    low, high = 0, len(budgets)
    while low < high:
        middle = (low + high) // 2
        trials.append(trial(train, budgets[middle]))
        low, high = (low, middle) if trials[-1].mean >= goal else (middle + 1, high)
    if low == len(budgets):
        raise ValueError(f"{budgets[-1]:,} digits are not enough for {goal:.1%} of the held-out ones.")
    return budgets[low], trials

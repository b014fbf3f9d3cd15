"""Several networks together, and the digits that most of them read wrong."""

from collections.abc import Sequence

import numpy as np

from grader.benchmarks.networks.selection import share_right
from grader.data import load_mnist


def ensemble_of(all_scores: Sequence[np.ndarray]) -> tuple[float, tuple[int, ...]]:
    """How well networks read the test digits together: each has a vote for every class, as large as the probability
    that it gives it.

    Args:
        all_scores: of each network, (10000, 10), before softmax.

    Returns:
        The fraction of the test digits that they read right, and the numbers of those that most of them, each for
        itself, read wrong.
    """
    _, (_, labels) = load_mnist()
    wrong = [scores.argmax(axis=1) != labels for scores in all_scores]
    missed = np.flatnonzero(np.mean(wrong, axis=0) > 0.5)
    return share_right(sum(map(softmax, all_scores), np.zeros(())), labels), tuple(missed.tolist())


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores (n, 10) as probabilities (n, 10)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares

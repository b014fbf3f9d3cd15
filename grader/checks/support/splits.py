"""Rows that can be told apart, and what became of them: for checks of a function that splits data."""

from dataclasses import dataclass

import numpy as np


def numbered(probe, count, shape, dtype):
    """Rows of noise, no two alike: every row holds its own number in its first two places."""
    x = probe.rng.integers(0, 200, (count, *shape)).astype(dtype)
    flat = x.reshape(count, -1)
    numbers = probe.rng.permutation(count)
    flat[:, 0], flat[:, 1] = numbers % 200, numbers // 200
    return x


def uneven_labels(probe, sizes, classes=None):
    """Shuffled labels; the classes, 0, 1, 2 … unless they are given, have these sizes."""
    return probe.rng.permutation(np.repeat(np.arange(len(sizes)) if classes is None else classes, sizes))


@dataclass(frozen=True)
class Split:
    """What came back from stratified_split, beside what went in."""

    labels: np.ndarray
    fraction: float
    training_rows: np.ndarray
    validation_rows: np.ndarray

    def counts(self, rows):
        """How many of some rows each class has, in the order of the classes."""
        return np.array([np.sum(self.labels[rows] == label) for label in np.unique(self.labels)])


def rows_of(part, x):
    """The row of x that each row of a part is; -1 where it is none of them."""
    places = {row.tobytes(): place for place, row in enumerate(x)}
    with np.errstate(all="ignore"):  # what does not fit into the dtype of x is no row of x
        part = part.astype(x.dtype)
    return np.array([places.get(row.tobytes(), -1) for row in part], int)


def arrays_in(value):
    """The arrays in nested tuples and lists, in order; None for anything else in them."""
    if isinstance(value, (tuple, list)):
        return [array for item in value for array in arrays_in(item)]
    return [value if isinstance(value, np.ndarray) else None]


def is_pair(value):
    """True for a tuple or list of two."""
    return isinstance(value, (tuple, list)) and len(value) == 2

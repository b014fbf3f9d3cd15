"""Which rows of data ``Model.fit`` trains on, and whether it validates on them as well.

Rows are compared by what they show: scaled or not, as float32 or as bytes, with a channel axis or without, a picture
stays the same one.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import keras
import numpy as np
import tensorflow as tf

MOST_ROWS = 70_000  # of a stream: as many as MNIST has
MOST_BATCHES = 700
AT_A_TIME = 2000  # rows
TOLERATED = 0.01  # the share of validation rows that may be in both parts by chance


class Rows:
    """The rows of one argument of ``fit``: arrays, a ``tf.data.Dataset``, a ``PyDataset``, or a generator.

    A generator can be used only once, so it is replaced by one that notes what passes.
    """

    def __init__(self, data: Any) -> None:
        self._known: set[int] = set()
        self.data = data
        if isinstance(data, Iterator):
            self.data = self._noted(data)
        else:
            self._add(batches_of(data))

    @classmethod
    def cut(cls, data: Any, share: float) -> "tuple[Rows, Rows]":
        """The two parts that ``validation_split`` makes of arrays: what is trained on, and the last rows."""
        rows = batch_of(data)
        start = len(data) if rows is None else int(len(rows) * (1 - share))
        return cls(data[:start]), cls(data[start:])

    def share_in(self, others: "Rows") -> float:
        """The share of these rows that others have, too; 0 where there are none."""
        return len(self._known & others._known) / len(self._known) if self._known else 0.0

    def _add(self, batches: Iterable[Any]) -> None:
        for batch in islice(batches, MOST_BATCHES):
            rows = batch_of(batch)
            if rows is None or len(self._known) >= MOST_ROWS:
                return
            self._known.update(map(hash, pictures(rows)))

    def _noted(self, batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            if len(self._known) < MOST_ROWS:
                self._add([batch])
            yield batch


def batches_of(data: Any) -> Iterator[Any]:
    """The batches that ``fit`` would get from its data, without using them up."""
    if isinstance(data, keras.utils.PyDataset):
        return (data[index] for index in range(len(data)))
    if isinstance(data, tf.data.Dataset):
        return iter(data.take(MOST_BATCHES))
    return iter([data])


def batch_of(batch: Any) -> np.ndarray | None:
    """The inputs of a batch, which may come with targets; None where they are no single array of rows."""
    inputs = batch[0] if isinstance(batch, (tuple, list)) and batch else batch
    if not (isinstance(inputs, np.ndarray) or tf.is_tensor(inputs)):
        return None
    array = np.asarray(inputs)
    return array if array.ndim > 1 and array.dtype.kind in "fiub" else None


def pictures(rows: np.ndarray) -> Iterator[bytes]:
    """Each row as the bytes of its picture, from the least to the largest of its values; blank ones are left out."""
    for start in range(0, len(rows), AT_A_TIME):
        part = rows[start : start + AT_A_TIME].astype(np.float32)
        part = part.reshape(len(part), -1)
        low, high = part.min(axis=1, keepdims=True), part.max(axis=1, keepdims=True)
        shown = (high > low)[:, 0]
        part = (part[shown] - low[shown]) * (255 / (high - low)[shown])
        yield from map(bytes, np.round(part).astype(np.uint8))

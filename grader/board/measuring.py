"""Measures a network's file in the sandbox: accuracy on the test digits, size, and the time it takes to read them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from grader.board.rows import Row
from grader.data import load_mnist
from grader.engine.judge.processes import AnyEngine
from grader.handwriting.network import REFERENCE, Reader, choose_model

BATCH = 1000  # digits that are read at once
WARM = 2  # readings of that many digits before any is timed: the first of a shape compiles
TURNS = 7  # that are timed; the best one counts, since whatever else this computer does can only add


class Measuring:
    """Measures networks, each in turns with the one that comes with the course."""

    def __init__(self, engine: AnyEngine, reference: Reader) -> None:
        self._engine, self._reference = engine, reference

    def row(self, name: str, path: Path) -> Row:
        """What can be seen of the network in a file.

        Raises:
            CourseError: the file cannot be used.
        """
        _, (images, labels) = load_mnist()
        with closing(reader_of(path, self._engine)) as own:
            rows = own.probabilities(images, BATCH)
            accuracy = float(np.mean(rows.argmax(axis=1) == labels))
            return Row(name, own.parameters, accuracy, self._relative_time(own, images[:BATCH]))

    def _relative_time(self, own: Reader, digits: np.ndarray) -> float:
        taken = [[reader.seconds(digits) for reader in (own, self._reference)] for _ in range(WARM + TURNS)]
        ours, theirs = np.min(taken[WARM:], axis=0)
        return float(ours / theirs)


@contextmanager
def measuring(engine: AnyEngine) -> Iterator[Measuring]:
    """Inside this context, networks can be measured."""
    with closing(reader_of(REFERENCE, engine)) as reference:
        yield Measuring(engine, reference)


def reader_of(path: Path, engine: AnyEngine) -> Reader:
    return Reader(choose_model(path, path.parent), engine, lambda: load_mnist()[1])

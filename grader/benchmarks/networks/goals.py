"""Networks with a goal of their own: the best one, the smallest one that reaches 99%, and two without convolutions.

Each was chosen on training digits that it had not seen; how many digits QUICK sees, as `selection` says.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from grader.benchmarks.networks import compiled
from grader.benchmarks.networks.compiled import Recipe
from grader.benchmarks.networks.distortion import Distortion
from grader.benchmarks.networks.layers import Average, Convolution, Dense, Dropout, Network

if TYPE_CHECKING:
    import keras

DIGITS = 60_000  # of an epoch
MOST_EPOCHS = 8  # where their number is chosen
AVERAGING = 0.998
FULL = Distortion(shift=1.5, turn=10, stretch=0.1, slant=0.1, bend=0.6)
GENTLE = Distortion(shift=0.7, turn=5, stretch=0.05, slant=0.05, bend=0.3)


@dataclass(frozen=True)
class Goal:
    """A network and its training, and what they are for.

    Attributes:
        name: in a few words.
        change: what is special about it, in words.
        accuracy: to reach, a fraction of the test digits.
        recipe: the network and its training.
    """

    name: str
    change: str
    accuracy: float
    recipe: Recipe

    @property
    def budgets(self) -> tuple[int, ...]:
        """How many digits it may see: those of some epochs."""
        return tuple(DIGITS * epochs for epochs in range(1, MOST_EPOCHS + 1))

    def train(self, images: np.ndarray, labels: np.ndarray, digits: int, seed: int) -> "keras.Model":
        """Train on raw images uint8 (n, 28, 28) with labels (n,), so many in all."""
        return compiled.train(replace(self.recipe, digits=digits), images, labels, seed).model()


LARGE = Network(
    (Convolution(32, size=5, pools=True), Convolution(64), Convolution(96, pools=True), Convolution(128)), 2
)
NEAR = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))  # as it is, and one pixel up, down, left and right
SMALL = Network((Convolution(7), Convolution(8, pools=True), Convolution(8, pools=True), Convolution(8), Average()), 2)
DENSE = Network((Dropout(0.25), *(Dense(1200), Dropout(0.5)) * 3))
DENSER = Network((Dense(800), Dropout(0.1), Dense(800), Dropout(0.1)))

QUICK = Goal(
    "on to 99.5%",
    "four convolutions, and digits that are distorted a little",
    0.995,
    Recipe(LARGE, DIGITS, distortion=GENTLE),
)
BEST = Goal(
    "best",
    "four convolutions, distorted digits, averaged parameters; reads each digit in five places",
    0.997,
    Recipe(replace(LARGE, shifts=NEAR), 32 * DIGITS, peak=0.01, distortion=FULL, averaging=AVERAGING),
)
SMALLEST = Goal(
    "smallest",
    "four convolutions of seven and eight channels",
    0.99,
    Recipe(SMALL, 40 * DIGITS, peak=0.03, smoothing=0.0, distortion=GENTLE, averaging=AVERAGING),
)
AS_THEY_ARE = Goal(
    "dense",
    "three dense layers with dropout, and the digits as they are",
    0.988,
    Recipe(DENSE, 36 * DIGITS, batch=256, peak=0.01, averaging=AVERAGING),
)
DISTORTED = Goal(
    "dense, distorted digits",
    "two dense layers, and distorted digits",
    0.993,
    Recipe(DENSER, 30 * DIGITS, batch=256, peak=0.01, distortion=FULL, averaging=AVERAGING),
)
GOALS = BEST, SMALLEST, AS_THEY_ARE, DISTORTED

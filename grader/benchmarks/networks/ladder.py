"""The ladder: from the example in the Keras documentation to 99% in a few seconds, one change at a time.

The example itself is in `grader.benchmarks.training`. Each stage above it keeps what those below have brought. All but
the last train with ``fit``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from grader.benchmarks.networks import compiled
from grader.benchmarks.networks.compiled import Recipe
from grader.benchmarks.networks.fitting import AS_KERAS_DOES, Fitting
from grader.benchmarks.networks.layers import Convolution, Dropout, Network
from grader.benchmarks.training import GOAL

if TYPE_CHECKING:
    import keras

BUDGETS = (*range(20_000, 60_000, 2_500), *range(60_000, 120_000, 10_000), *range(120_000, 420_001, 30_000))
BATCH = 128
RISING = 0.3  # of one cycle: the share of the steps in which the learning rate rises

AS_IN_THE_EXAMPLE = Network(
    (Convolution(32, pools=True), Convolution(64, pools=True), Dropout(0.5)), is_normalized=False
)
NORMALIZED = Network((Convolution(32, pools=True), Convolution(64, pools=True)))
STRIDED = Network((Convolution(16, size=5, stride=2), Convolution(48, pools=True), Convolution(64)))


@dataclass(frozen=True)
class Stage:
    """A way to train, and what is new about it.

    Attributes:
        name: in a word or two.
        change: what is new, in words.
        network: what is trained.
        peak: the highest learning rate of the cycle.
        smoothing: of the labels.
        betas: Adam's.
        is_compiled: the loop over the batches is compiled as well.
        fitting: how ``fit`` does it, where it does.
    """

    name: str
    change: str
    network: Network
    peak: float
    smoothing: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    is_compiled: bool = False
    fitting: Fitting = AS_KERAS_DOES

    @property
    def accuracy(self) -> float:
        """To reach, a fraction of the digits."""
        return GOAL

    @property
    def budgets(self) -> tuple[int, ...]:
        """How many digits it may see."""
        return BUDGETS

    def train(self, images: np.ndarray, labels: np.ndarray, digits: int, seed: int) -> "keras.Model":
        """Train as this stage says.

        Args:
            images: uint8 (n, 28, 28).
            labels: (n,) in 0..9.
            digits: how many the network sees in all, again from the first where there are more than n.

        Returns:
            A model that takes images as they are, (n, 28, 28), and returns ten scores for each.
        """
        recipe = Recipe(self.network, digits, BATCH, self.peak, RISING, self.betas, self.smoothing)
        if self.is_compiled:
            return compiled.train(recipe, images, labels, seed).model()
        return self.fitting.train(recipe, images, labels, seed)


def stages() -> Iterator[Stage]:
    """All of them, from the bottom."""
    change = "one cycle of the learning rate, up to 0.01"
    yield (stage := Stage("one cycle", change, AS_IN_THE_EXAMPLE, peak=0.01))
    for name, change, settings in (
        (
            "normalization",
            "batch normalization, not dropout; so up to 0.02",
            {"network": NORMALIZED, "peak": 0.02},
        ),
        ("stride first", "small maps: a stride of 2 in the first of three convolutions", {"network": STRIDED}),
        ("soft labels", "label smoothing of 0.1", {"smoothing": 0.1}),
        ("short memory", "Adam's betas at 0.7 and 0.9, not at 0.9 and 0.999", {"betas": (0.7, 0.9)}),
        ("crop", "only the inner 24×24 pixels", {"network": replace(STRIDED, crop=2)}),
        ("one program", "all steps as one compiled function", {"is_compiled": True}),
    ):
        yield (stage := replace(stage, name=name, change=change, **settings))


def ideas() -> Iterator[Stage]:
    """What is said to make a training faster, and is not on the ladder: the last stage with ``fit`` as it is, then each
    idea alone. They see as many digits as that stage."""
    *_, stage, _ = stages()
    yield stage
    for name, change, fitting in (
        ("steps per call", "50 steps each time Python calls TensorFlow", Fitting(steps_per_call=50)),
        ("XLA", "the step compiled by XLA", Fitting(is_xla=True)),
        ("balanced batches", "each batch has as many of every digit", Fitting(is_balanced=True)),
        ("growing batches", "64 digits in a step, then 256", Fitting(batches=(BATCH // 2, 2 * BATCH))),
        ("frozen layers", "the first two convolutions stop learning after two thirds", Fitting(frozen=2)),
    ):
        yield replace(stage, name=name, change=change, fitting=fitting)

"""Measures the ladder: how long each stage takes to its goal, beside the example in the Keras documentation.

How many digits a stage has to see is chosen on held-out training digits (see `selection`). Then it trains with other
seeds on all 60,000, and its clock stops when the network is trained; the test set is read once, afterwards. The example
has it easier: it is watched on the test set itself, with its clock stopped meanwhile, and ends as soon as it is there.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Protocol

import numpy as np

from grader.authoring.reference_runs import in_fresh_process
from grader.benchmarks.networks.goals import QUICK
from grader.benchmarks.networks.ladder import stages
from grader.benchmarks.networks.selection import fewest_digits, scores_of, share_right
from grader.benchmarks.training import EPOCHS, PEER, TRAININGS, train_until_goal
from grader.board.networks import Measured
from grader.data import load_mnist

if TYPE_CHECKING:
    import keras

FIRST_SEED = 100  # of a measurement: not one that has been chosen by
MARGIN = 0.0005  # above the goal on the held-out digits: the test digits are others, and their luck is another
EXAMPLE = "the example in the Keras documentation"
EXAMPLE_DIGITS = 54_000  # in an epoch of the example, which holds out a tenth


class Contender(Protocol):
    """A network and a way to train it."""

    @property
    def name(self) -> str:
        """In a few words."""

    @property
    def change(self) -> str:
        """What is new about it, in words."""

    @property
    def accuracy(self) -> float:
        """To reach, a fraction of the digits."""

    @property
    def budgets(self) -> Sequence[int]:
        """How many digits it may see, in order: the fewest that are enough are chosen."""

    def train(self, images: np.ndarray, labels: np.ndarray, digits: int, seed: int) -> "keras.Model":
        """Train a network on raw images uint8 (n, 28, 28) with labels (n,), so many in all."""


@dataclass(frozen=True)
class Run:
    """One training."""

    name: str
    change: str
    seed: int
    parameters: int
    digits: int
    seconds: float  # from raw arrays to a trained network
    accuracy: float  # on the 10,000 test digits
    scores: np.ndarray | None = None  # of these, float32 (10000, 10)


def contenders() -> list[Contender]:
    """The stages of the ladder, and what goes on from there."""
    return [*stages(), QUICK]


def choose(contender: Contender) -> Measured:
    """How many digits a contender has to see; nothing is measured of it yet."""
    goal = contender.accuracy + MARGIN
    digits, trials = in_fresh_process(fewest_digits, contender.train, goal, contender.budgets)
    held_out = next(trial.mean for trial in trials if trial.digits == digits)
    return Measured(contender.name, contender.change, 0, digits, (), (), round(held_out, 5))


def measure(example: Callable[[int], Run], contenders: Sequence[tuple[Contender, int]], seeds: int) -> Iterator[Run]:
    """Train the example and all contenders in turns, each time in a fresh process.

    Args:
        example: trains it with a seed.
        contenders: each with the number of digits that it sees.
    """
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        yield in_fresh_process(example, seed)
        for contender, digits in contenders:
            yield in_fresh_process(train_once, contender, digits, seed)


def train_once(contender: Contender, digits: int, seed: int) -> Run:
    """Train a contender, and read the test set once."""
    import keras  # noqa: F401  (its import does not count)

    (images, labels), (test_images, test_labels) = load_mnist()
    started = time.perf_counter()
    model = contender.train(images, labels, digits, seed)
    seconds = time.perf_counter() - started
    scores = scores_of(model, test_images)
    accuracy = share_right(scores, test_labels)
    return Run(contender.name, contender.change, seed, model.count_params(), digits, seconds, accuracy, scores)


def example_to_goal(seed: int) -> Run:
    """Train the example until it reads 99% of the test digits."""
    run = train_until_goal(PEER, seed)
    digits = round(EXAMPLE_DIGITS * run.epochs)
    return Run(PEER, EXAMPLE, seed, run.parameters, digits, run.seconds, run.accuracy)


def example_to_end(seed: int) -> Run:
    """Train the example as its page does, for 15 epochs."""
    import keras

    _, (_, labels) = load_mnist()
    keras.utils.set_random_seed(seed)
    training = TRAININGS[PEER]()
    started = time.perf_counter()
    training.train()
    seconds = time.perf_counter() - started
    accuracy = share_right(scores_of(training.model, training.test_images), labels)
    return Run(PEER, EXAMPLE, seed, training.model.count_params(), EPOCHS * EXAMPLE_DIGITS, seconds, accuracy)


def together(runs: Sequence[Run], chosen: Measured | None = None) -> Measured:
    """The runs of one network as they are told, and how its number of digits was chosen. If a run ends by itself, as
    the example's do, the number is the median."""
    first, seconds = runs[0], tuple(round(run.seconds, 2) for run in runs)
    accuracy = tuple(round(run.accuracy, 4) for run in runs)
    held_out = chosen.held_out if chosen else 0.0
    digits = round(median(run.digits for run in runs))
    return Measured(first.name, first.change, first.parameters, digits, seconds, accuracy, held_out)

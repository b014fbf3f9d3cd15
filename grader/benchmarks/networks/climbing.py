"""Measures the ladder: how long each stage takes to 99%, beside the example in the Keras documentation.

How many digits a stage has to see is chosen on held-out training digits (see `selection`). Then it trains with other
seeds on all 60,000, and its clock stops when the network is trained; the test set is read once, afterwards. The example
has it easier: it is watched on the test set itself, with its clock stopped meanwhile, and ends as soon as it is there.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from grader.authoring.reference_runs import in_fresh_process
from grader.benchmarks.networks.ladder import Stage, train
from grader.benchmarks.networks.selection import Trial, accuracy, fewest_digits
from grader.benchmarks.training import PEER, train_until_goal
from grader.data import load_mnist

GOAL = 0.99
BUDGETS = (*range(20_000, 60_000, 5_000), *range(60_000, 120_000, 10_000), *range(120_000, 420_000, 30_000))
FIRST_SEED = 100  # of a measurement: not one that has been chosen by


@dataclass(frozen=True)
class Climb:
    """One training of a stage, or of the example."""

    name: str
    seed: int
    digits: int
    seconds: float  # from raw arrays to a trained network
    accuracy: float  # on the 10,000 test digits


def choose(stage: Stage) -> tuple[int, list[Trial]]:
    """How many digits a stage has to see, and what that was chosen by."""
    return in_fresh_process(choose_here, stage)


def choose_here(stage: Stage) -> tuple[int, list[Trial]]:
    return fewest_digits(partial(train, stage), GOAL, BUDGETS)


def measure(stages: dict[str, tuple[Stage, int]], seeds: int) -> Iterator[Climb]:
    """Train the example and all stages in turns, each time in a fresh process.

    Args:
        stages: by name, each with the digits that it sees.
    """
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        example = in_fresh_process(train_until_goal, PEER, seed)
        yield Climb(PEER, seed, round(54_000 * example.epochs), example.seconds, example.accuracy)
        for stage, digits in stages.values():
            yield in_fresh_process(climb, stage, digits, seed)


def climb(stage: Stage, digits: int, seed: int) -> Climb:
    """Train a stage once, and read the test set once."""
    import keras  # noqa: F401  (its import does not count)

    (images, labels), test = load_mnist()
    started = time.perf_counter()
    model = train(stage, images, labels, digits, seed)
    seconds = time.perf_counter() - started
    return Climb(stage.name, seed, digits, seconds, accuracy(model, *test))


def ratio(own: list[Climb], example: list[Climb]) -> float:
    """How many times as long the example takes: the median over the seeds."""
    return statistics.median(theirs.seconds / ours.seconds for ours, theirs in zip(own, example, strict=True))

"""Measures the best accuracy of two references: the capstone, trained longer, and a network of dense layers.

Both were chosen on 10,000 held-out training digits. The test set is used only here.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.authoring.reference_runs import accuracy_on_test, in_fresh_process, load_solution
from grader.data import load_mnist

if TYPE_CHECKING:
    import keras

EPOCHS = 30


@dataclass(frozen=True)
class Result:
    """One training on all 60,000 digits, and its accuracy on the 10,000 test digits."""

    name: str
    seed: int
    parameters: int
    seconds: float  # of training
    accuracy: float


def bench_accuracy(seeds: int = 5) -> Iterator[Result]:
    """Train both networks with each seed, each in a fresh process."""
    for name in ("capstone", "dense"):
        for seed in range(seeds):
            yield in_fresh_process(train, name, seed)


def train(name: str, seed: int) -> Result:
    """Train one of them with the capstone's recipe and evaluate it on the test set once."""
    import keras

    keras.utils.set_random_seed(seed)
    (x, y), (x_test, _) = load_mnist()
    solution = load_solution("capstone")
    model = dense() if name == "dense" else solution.build_model()
    started = time.perf_counter()
    solution.train_model(model, x, y, epochs=EPOCHS)
    seconds = time.perf_counter() - started
    return Result(name, seed, model.count_params(), seconds, accuracy_on_test(model.predict_on_batch, x_test))


def dense() -> "keras.Model":
    """784-400-300-10 with batch normalization and a little dropout."""
    import keras
    from keras import layers

    def hidden(units: int) -> list[keras.Layer]:
        linear = layers.Dense(units, use_bias=False)
        return [linear, layers.BatchNormalization(momentum=0.9), layers.ReLU(), layers.Dropout(0.1)]

    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            *hidden(400),
            *hidden(300),
            layers.Dense(10, activation="softmax"),
        ]
    )


def summary(results: list[Result]) -> str:
    """Mean and spread over the seeds of one network, in one line."""
    accuracies = [result.accuracy for result in results]
    return (
        f"mean {statistics.mean(accuracies):.2%}, {min(accuracies):.2%} to {max(accuracies):.2%}, "
        f"standard deviation {statistics.stdev(accuracies):.2%}"
    )

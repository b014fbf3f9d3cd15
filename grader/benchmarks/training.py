"""Measures how fast a network reaches 99% test accuracy: references of this course next to the Keras example.

The peer is mnist_convnet, reimplemented from its page: two convolutions with pooling, dropout of 0.5, Adam, batches of
128, 10% of the digits for validation, 15 epochs. All networks train in the same run, one after another, each in a fresh
process.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.authoring.reference_runs import accuracy_on_test, in_fresh_process, load_solution
from grader.data import load_mnist

if TYPE_CHECKING:
    import keras

GOAL = 0.99  # accuracy on the 10,000 digits of the original test set
EPOCHS = 15  # as on the peer's page; the capstone has its own number


@dataclass(frozen=True)
class Run:
    """One training, until its test accuracy reached the goal or it ended."""

    name: str
    seed: int
    parameters: int
    seconds: float  # of training only, without evaluation on the test and validation sets
    epochs: float  # to the nearest quarter
    accuracy: float  # at the end

    @property
    def reached(self) -> bool:
        return self.accuracy >= GOAL


@dataclass(frozen=True)
class Training:
    """A network, how it is trained, and the test digits in the form that it takes."""

    model: "keras.Model"
    train: Callable[[], object]
    test_images: np.ndarray


def capstone() -> Training:
    (x, y), (x_test, _) = load_mnist()
    solution = load_solution("capstone")
    model = solution.build_model()
    return Training(model, lambda: solution.train_model(model, x, y), x_test)


def cnn() -> Training:
    (x, y), (x_test, _) = load_mnist()
    solution = load_solution("cnn")
    model = solution.build_cnn()
    return Training(model, lambda: solution.train_cnn(model, x, y, epochs=EPOCHS), solution.prepare(x_test))


def mnist_convnet() -> Training:
    import keras
    from keras import layers

    (x, y), (x_test, _) = load_mnist()
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    images, labels = scaled(x), keras.utils.to_categorical(y, 10)

    def train() -> None:
        model.fit(images, labels, batch_size=128, epochs=EPOCHS, validation_split=0.1, verbose=0)

    return Training(model, train, scaled(x_test))


TRAININGS = {function.__name__: function for function in (capstone, cnn, mnist_convnet)}
PEER = mnist_convnet.__name__


def bench_training(seeds: int = 5) -> Iterator[Run]:
    """Train the references of lessons 14 and 10 and the peer in turn, with each seed.

    The test set is evaluated after every quarter of an epoch with the clock stopped, and only to find out when the goal
    is reached: no choice depends on it.
    """
    for seed in range(seeds):
        for name in TRAININGS:
            yield in_fresh_process(train_until_goal, name, seed)


def train_until_goal(name: str, seed: int) -> Run:
    """Train one network and stop the clock at the goal."""
    import keras

    keras.utils.set_random_seed(seed)
    training = TRAININGS[name]()
    clock = SimpleNamespace(paused=0.0, quarters=0, accuracy=0.0)

    class Reached(Exception):
        pass

    class Watch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.step = 0

        def on_test_begin(self, logs: dict | None = None) -> None:
            self.test_began = time.perf_counter()

        def on_test_end(self, logs: dict | None = None) -> None:
            clock.paused += time.perf_counter() - self.test_began

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            steps = self.params["steps"]
            self.step += 1
            if 4 * self.step // steps == 4 * (self.step - 1) // steps:
                return
            began = time.perf_counter()
            clock.accuracy = accuracy_on_test(lambda part: self.model(part, training=False), training.test_images)
            clock.quarters += 1
            clock.paused += time.perf_counter() - began
            if clock.accuracy >= GOAL:
                raise Reached

    fit = keras.Model.fit

    def watched_fit(model: keras.Model, *arguments: Any, **keywords: Any) -> Any:
        keywords["callbacks"] = [*(keywords.get("callbacks") or []), Watch()]
        return fit(model, *arguments, **keywords)

    keras.Model.fit = watched_fit  # because the solutions call it themselves
    started = time.perf_counter()
    try:
        training.train()
    except Reached:
        pass
    seconds = time.perf_counter() - started - clock.paused
    return Run(name, seed, training.model.count_params(), seconds, clock.quarters / 4, clock.accuracy)


def summary(runs: list[Run]) -> str:
    """The median of one network's runs, their spread, and how many reached the goal."""
    seconds = [run.seconds for run in runs]
    reached = f"{sum(run.reached for run in runs)} of {len(runs)} reached {GOAL:.0%}"
    return f"{statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f}; {reached})"


def ratio(runs: list[Run], peers: list[Run]) -> float:
    """The median over the seeds of the peer's time divided by a network's time."""
    return statistics.median(peer.seconds / run.seconds for run, peer in zip(runs, peers, strict=True))


def scaled(images: np.ndarray) -> np.ndarray:
    return images[..., None].astype("float32") / 255

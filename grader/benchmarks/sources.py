"""Trains the published settings that this course grew from, as their authors describe them, and measures the accuracy.

Each setting runs in a fresh process, so it starts from scratch and the command's own process stays small.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grader.authoring.reference_runs import accuracy_on_test, in_fresh_process
from grader.data import load_mnist


@dataclass(frozen=True)
class Setting:
    """A dense network for MNIST with its authors' training settings. All use Adam, ReLU units, and the 60,000 digits of
    the original training set."""

    name: str
    claim: str  # the test accuracy that its authors state
    hidden: tuple[int, ...]
    epochs: int
    batch_size: int
    validation_split: float = 0.0  # the fraction of the training digits held out
    dropout: float = 0.0  # after every hidden layer
    one_hot: bool = False  # labels as rows, with categorical cross-entropy

    @property
    def description(self) -> str:
        parts = [
            "-".join(map(str, (784, *self.hidden, 10))),
            f"dropout {self.dropout:g}" if self.dropout else "",
            "one-hot labels" if self.one_hot else "integer labels",
            f"{self.epochs} epochs",
            f"batch {self.batch_size}",
            f"{self.validation_split:.0%} validation" if self.validation_split else "no validation",
        ]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Result:
    """The accuracy of one training of a setting on the 10,000 digits of the original test set."""

    setting: Setting
    seed: int
    accuracy: float
    seconds: float  # of the training alone
    parameters: int


SETTINGS = (
    Setting("small", "at least 92%", (128,), epochs=10, batch_size=32),
    Setting("one-hot", "about 98%", (128,), epochs=5, batch_size=32, validation_split=0.2, one_hot=True),
    Setting("large batches", "high", (256, 128), epochs=20, batch_size=2000, validation_split=0.2),
    Setting("dropout", "about 98%", (128,), epochs=5, batch_size=32, dropout=0.2),
)


def bench_sources(seed: int) -> Iterator[Result]:
    """Train every setting with one seed, and yield each result as it arrives."""
    for setting in SETTINGS:
        yield in_fresh_process(train, setting, seed)


def train(setting: Setting, seed: int) -> Result:
    """Train one setting."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    (x, y), (x_test, _) = load_mnist()
    hidden = []
    for units in setting.hidden:
        hidden.append(layers.Dense(units, activation="relu"))
        if setting.dropout:
            hidden.append(layers.Dropout(setting.dropout))
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *hidden, layers.Dense(10, activation="softmax")])
    loss = "categorical_crossentropy" if setting.one_hot else "sparse_categorical_crossentropy"
    model.compile("adam", loss, metrics=["accuracy"])
    started = time.perf_counter()
    model.fit(
        x / np.float32(255),
        keras.utils.to_categorical(y, 10) if setting.one_hot else y,
        epochs=setting.epochs,
        batch_size=setting.batch_size,
        validation_split=setting.validation_split,
        verbose=0,
    )
    seconds = time.perf_counter() - started
    accuracy = accuracy_on_test(model.predict_on_batch, x_test / np.float32(255))
    return Result(setting, seed, accuracy, seconds, model.count_params())

"""Trains the published settings that this course grew from, as their authors describe them, and says what they reach.

Keras stays in a process of its own, so that each setting starts from nothing and the command's own process stays small.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from grader.course import REPOSITORY


@dataclass(frozen=True)
class Setting:
    """A dense network for MNIST with the training that its authors gave it. The optimizer is Adam, the hidden units are
    ReLU units, and the digits are the 60 000 of the original training set."""

    name: str
    claim: str  # what its authors say of the test accuracy
    hidden: tuple[int, ...]
    epochs: int
    batch_size: int
    validation_split: float = 0.0  # the share of the training digits that no weight is updated on
    dropout: float = 0.0  # behind every hidden layer
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
    """What one training of a setting reached on the 10 000 digits of the original test set."""

    setting: Setting
    seed: int
    accuracy: float
    seconds: float  # of the training alone
    parameters: int


SETTINGS = (
    Setting("small", "at least 92 %", (128,), epochs=10, batch_size=32),
    Setting("one-hot", "about 98 %", (128,), epochs=5, batch_size=32, validation_split=0.2, one_hot=True),
    Setting("large batches", "high", (256, 128), epochs=20, batch_size=2000, validation_split=0.2),
    Setting("dropout", "about 98 %", (128,), epochs=5, batch_size=32, dropout=0.2),
)

PROGRAM = """
import json, sys, time
import keras, numpy
from grader.data import load_mnist

setting = json.loads(sys.argv[1])
keras.utils.set_random_seed(setting["seed"])
(x, y), (x_test, y_test) = load_mnist()
x, x_test = x / numpy.float32(255), x_test / numpy.float32(255)
if setting["one_hot"]:
    y, y_test = (keras.utils.to_categorical(labels, 10) for labels in (y, y_test))
layers = [keras.Input((28, 28)), keras.layers.Flatten()]
for units in setting["hidden"]:
    layers.append(keras.layers.Dense(units, activation="relu"))
    if setting["dropout"]:
        layers.append(keras.layers.Dropout(setting["dropout"]))
model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
loss = "categorical_crossentropy" if setting["one_hot"] else "sparse_categorical_crossentropy"
model.compile("adam", loss, metrics=["accuracy"])
started = time.perf_counter()
chosen = {name: setting[name] for name in ("epochs", "batch_size", "validation_split")}
model.fit(x, y, **chosen, verbose=0)
seconds = time.perf_counter() - started
accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)[1]
print(json.dumps({"accuracy": accuracy, "seconds": seconds, "parameters": model.count_params()}))
"""


def bench_sources(seed: int) -> Iterator[Result]:
    """Train every setting with a seed, on the original training and test set; yield each result as it comes."""
    for setting in SETTINGS:
        task = json.dumps(asdict(setting) | {"seed": seed})
        command = [sys.executable, "-c", PROGRAM, task]
        done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
        yield Result(setting, seed, **json.loads(done.stdout.splitlines()[-1]))

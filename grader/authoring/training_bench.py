"""Measures how soon a network reads 99 % of the test set: a reference of this course beside the example of Keras.

The peer is mnist_convnet as its page describes it, written anew: two convolutions and poolings, dropout of a half,
Adam, batches of 128, a tenth of the digits kept for validation, 15 epochs. Both train in the same run, one after the
other, each in a process of its own.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, find_lesson

GOAL = 0.99  # of the 10 000 digits of the original test set
PEER = "mnist_convnet"


@dataclass(frozen=True)
class Run:
    """One training, until its test accuracy reached the goal or it ended."""

    name: str
    seed: int
    parameters: int
    seconds: float  # of training alone: what the test set and a validation set cost is left out
    epochs: float  # in quarters
    accuracy: float  # at that moment

    @property
    def reached(self) -> bool:
        return self.accuracy >= GOAL


def bench_training(reference: str = "capstone", seeds: int = 5) -> Iterator[Run]:
    """Train the reference of lesson 10 (``"cnn"``) or 14 (``"capstone"``) and the peer in turn, with each seed.

    The test set is looked at after every quarter of an epoch, while the clock stands still, and only to tell the time:
    nothing is chosen by it.
    """
    solution = str(solution_path(find_lesson(reference)))
    for seed in range(seeds):
        for name in (reference, PEER):
            command = [sys.executable, "-c", PROGRAM, name, solution, str(seed), str(GOAL)]
            done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
            yield Run(name, seed, **json.loads(done.stdout.splitlines()[-1]))


def summary(runs: list[Run]) -> str:
    """Both medians and their ratio, in a line."""
    medians, texts = [], []
    for name in dict.fromkeys(run.name for run in runs):
        own = [run for run in runs if run.name == name]
        medians.append(statistics.median(run.seconds for run in own))
        spread = f"{min(run.seconds for run in own):.1f} to {max(run.seconds for run in own):.1f}"
        reached = sum(run.reached for run in own)
        texts.append(f"{name} {medians[-1]:.1f} s ({spread}; {reached} of {len(own)} reached {GOAL:.0%})")
    return f"{'; '.join(texts)}; ratio {medians[-1] / medians[0]:.1f}"


PROGRAM = """
import importlib.util, json, sys, time
import keras, numpy
from keras import layers
from grader.data import load_mnist

name, path, seed, goal = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
keras.utils.set_random_seed(seed)
(x, y), (x_test, y_test) = load_mnist()


class Reached(Exception):
    pass


class Watch(keras.callbacks.Callback):
    paused, quarters, accuracy, stopped = 0.0, 0, 0.0, 0.0

    def on_train_begin(self, logs=None):
        self.step = 0

    def on_test_begin(self, logs=None):
        self.stopped = time.perf_counter()

    def on_test_end(self, logs=None):
        Watch.paused += time.perf_counter() - self.stopped

    def on_train_batch_end(self, batch, logs=None):
        steps = self.params["steps"]
        self.step += 1
        if (4 * self.step) // steps == (4 * (self.step - 1)) // steps:
            return
        now = time.perf_counter()
        parts = [x_seen[start : start + 1000] for start in range(0, len(x_seen), 1000)]
        outputs = [numpy.argmax(self.model(part, training=False), axis=1) for part in parts]
        Watch.accuracy = float(numpy.mean(numpy.concatenate(outputs) == y_test))
        Watch.quarters += 1
        Watch.paused += time.perf_counter() - now
        if Watch.accuracy >= goal:
            raise Reached


def fit(model, *arguments, **keywords):
    keywords["callbacks"] = [*(keywords.get("callbacks") or []), Watch()]
    return keras_fit(model, *arguments, **keywords)


keras_fit, keras.Model.fit = keras.Model.fit, fit
x_seen = x_test
if name == "mnist_convnet":
    x_seen = x_test[..., None].astype("float32") / 255
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    images, labels = x[..., None].astype("float32") / 255, keras.utils.to_categorical(y, 10)
    train = lambda: model.fit(images, labels, batch_size=128, epochs=15, validation_split=0.1, verbose=0)
else:
    spec = importlib.util.spec_from_file_location("solution", path)
    solution = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(solution)
    if name == "cnn":
        x_seen, model = solution.prepare(x_test), solution.build_cnn()
        train = lambda: solution.train_cnn(model, x, y, epochs=15)
    else:
        model = solution.build_model()
        train = lambda: solution.train_model(model, x, y)
started = time.perf_counter()
try:
    train()
except Reached:
    pass
seconds = time.perf_counter() - started - Watch.paused
figures = {"parameters": model.count_params(), "seconds": seconds, "epochs": Watch.quarters / 4}
print(json.dumps(figures | {"accuracy": Watch.accuracy}))
"""

"""Measures how far the references can be taken: the capstone's, trained for longer, and a network of dense layers.

Both were chosen on 10 000 digits of the training set that were held out; the test set is looked at here alone.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, find_lesson

EPOCHS = {"capstone": 30, "dense": 30}


@dataclass(frozen=True)
class Result:
    """One training on all 60 000 digits, and the share of the 10 000 test digits that it gets right."""

    name: str
    seed: int
    parameters: int
    seconds: float  # of training
    accuracy: float


def bench_accuracy(seeds: int = 5) -> Iterator[Result]:
    """Train both networks with each seed, each in a process of its own."""
    solution = str(solution_path(find_lesson("capstone")))
    for name, epochs in EPOCHS.items():
        for seed in range(seeds):
            command = [sys.executable, "-c", PROGRAM, name, solution, str(seed), str(epochs)]
            done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
            yield Result(name, seed, **json.loads(done.stdout.splitlines()[-1]))


def summary(results: list[Result]) -> str:
    """Mean and spread over the seeds of one network, in a line."""
    accuracies = [result.accuracy for result in results]
    return (
        f"mean {statistics.mean(accuracies):.2%}, {min(accuracies):.2%} to {max(accuracies):.2%}, "
        f"standard deviation {statistics.stdev(accuracies):.2%}"
    )


PROGRAM = """
import importlib.util, json, sys, time
import keras, numpy
from keras import layers
from grader.data import load_mnist

name, path, seed, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
keras.utils.set_random_seed(seed)
(x, y), (x_test, y_test) = load_mnist()
spec = importlib.util.spec_from_file_location("solution", path)
solution = importlib.util.module_from_spec(spec)
spec.loader.exec_module(solution)


def dense(units):
    return [layers.Dense(units, use_bias=False), layers.BatchNormalization(momentum=0.9), layers.ReLU()]


if name == "dense":
    model = keras.Sequential([
        keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten(),
        *dense(400), layers.Dropout(0.1), *dense(300), layers.Dropout(0.1), layers.Dense(10, activation="softmax"),
    ])
else:
    model = solution.build_model()
started = time.perf_counter()
solution.train_model(model, x, y, epochs=epochs)  # the same recipe for both
seconds = time.perf_counter() - started
labels = model.predict(x_test, batch_size=1000, verbose=0).argmax(axis=1)
accuracy = float(numpy.mean(labels == y_test))
print(json.dumps({"parameters": model.count_params(), "seconds": seconds, "accuracy": accuracy}))
"""

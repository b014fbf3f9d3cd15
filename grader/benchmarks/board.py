"""Measures the rows of the board: what the networks of this course reach, how large and how fast they are.

The rows are kept in ``grader/board.toml``. Lesson 14 draws them, with the learner's own network beside them.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from grader.authoring.reference_runs import TEST_BATCH, accuracy_on_test, in_fresh_process, load_solution
from grader.course import PACKAGE, find_lesson
from grader.data import load_mnist

BOARD_PATH = PACKAGE / "board.toml"
HEADER = """\
# What the reference solutions reach on the original test set after all 60 000 training digits, on two cores. Generated
# by `digits dev board`. accuracy: share of the 10 000 test digits; milliseconds: to read 1000 images at once.
"""


@dataclass(frozen=True)
class Row:
    """One network on the board."""

    name: str
    lesson: int
    parameters: int
    accuracy: float
    milliseconds: float
    training_seconds: float


@dataclass(frozen=True)
class Trained:
    """A trained network: how many parameters it has, the test digits as it wants them, and what it makes of some."""

    parameters: int
    test_images: np.ndarray
    read: Callable[[np.ndarray], np.ndarray]


def train_baseline() -> Trained:
    (x, y), (x_test, _) = flat_mnist()
    solution = load_solution("baseline")
    means = solution.class_means(x, y)
    return Trained(means.size, x_test, lambda part: one_hot(solution.predict_nearest_mean(part, means)))


def train_softmax_regression() -> Trained:
    (x, y), (x_test, _) = flat_mnist()
    weights, bias = load_solution("softmax_regression").train(x, y, epochs=5, seed=0)
    return Trained(weights.size + bias.size, x_test, lambda part: part @ weights + bias)


def train_dense() -> Trained:
    (x, y), (x_test, _) = load_mnist()
    solution = load_solution("dense")
    model = solution.compile_model(solution.build_model())
    solution.train_model(model, x, y)
    return Trained(model.count_params(), x_test / np.float32(255), model.predict_on_batch)


def train_cnn() -> Trained:
    (x, y), (x_test, _) = load_mnist()
    solution = load_solution("cnn")
    model = solution.build_cnn()
    solution.train_cnn(model, x, y)
    return Trained(model.count_params(), solution.prepare(x_test), model.predict_on_batch)


def train_capstone() -> Trained:
    (x, y), (x_test, _) = load_mnist()
    solution = load_solution("capstone")
    model = solution.build_model()
    solution.train_model(model, x, y)
    return Trained(model.count_params(), x_test, model.predict_on_batch)


NETWORKS = {  # by the exercise whose reference builds and trains it
    "baseline": ("nearest mean", train_baseline),
    "softmax_regression": ("softmax regression", train_softmax_regression),
    "dense": ("dense 128", train_dense),
    "cnn": ("two convolutions", train_cnn),
    "capstone": ("capstone reference", train_capstone),
}


def measure_board(seed: int = 0) -> Iterator[Row]:
    """Train the references one after the other, each in a process of its own, and yield their rows."""
    for slug in NETWORKS:
        yield in_fresh_process(measure_row, slug, seed)


def measure_row(slug: str, seed: int) -> Row:
    """Train one reference and measure it."""
    name, train = NETWORKS[slug]
    lesson = find_lesson(slug)
    if lesson.runtime == "tensorflow":
        import keras

        keras.utils.set_random_seed(seed)
    started = time.perf_counter()
    trained = train()
    training_seconds = time.perf_counter() - started
    trained.read(trained.test_images[:TEST_BATCH])
    milliseconds = []

    def timed(part: np.ndarray) -> np.ndarray:
        began = time.perf_counter()
        rows = trained.read(part)
        milliseconds.append(1000 * (time.perf_counter() - began))
        return rows

    accuracy = accuracy_on_test(timed, trained.test_images)
    return Row(
        name,
        lesson.number,
        int(trained.parameters),
        round(accuracy, 4),
        round(statistics.median(milliseconds), 1),
        round(training_seconds, 1),
    )


def flat_mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """MNIST as rows of 784 numbers in [0, 1]."""
    (x, y), (x_test, y_test) = load_mnist()
    return (x.reshape(-1, 784) / np.float32(255), y), (x_test.reshape(-1, 784) / np.float32(255), y_test)


def one_hot(labels: np.ndarray) -> np.ndarray:
    return np.eye(10)[labels]


def write_board(rows: list[Row], path: Path = BOARD_PATH) -> None:
    text = HEADER
    for row in rows:
        text += "\n[[row]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in asdict(row).items())
    path.write_text(text, "utf-8")

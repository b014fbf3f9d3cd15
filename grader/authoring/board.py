"""Measures the rows of the board: what the networks of this course reach, how large and how fast they are.

The rows are kept in ``grader/board.toml``. Lesson 14 draws them, with the learner's own network beside them.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.authoring.stubs import solution_path
from grader.course import PACKAGE, REPOSITORY, find_lesson

BOARD_PATH = PACKAGE / "board.toml"
HEADER = """\
# What the reference solutions reach on the original test set after all 60 000 training digits, on two cores. Generated
# by `digits dev board`. accuracy: share of the 10 000 test digits; milliseconds: to read 1000 images at once.
"""
LESSONS = ("baseline", "softmax_regression", "dense", "cnn", "capstone")


@dataclass(frozen=True)
class Row:
    """One network on the board."""

    name: str
    lesson: int
    parameters: int
    accuracy: float
    milliseconds: float
    training_seconds: float


def measure_board(seed: int = 0) -> Iterator[Row]:
    """Train the references one after the other, each in a process of its own, and yield their rows."""
    for slug in LESSONS:
        lesson = find_lesson(slug)
        command = [sys.executable, "-c", PROGRAM, slug, str(solution_path(lesson)), str(seed)]
        done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
        yield Row(lesson=lesson.number, **json.loads(done.stdout.splitlines()[-1]))


def write_board(rows: list[Row], path: Path = BOARD_PATH) -> None:
    text = HEADER
    for row in rows:
        text += "\n[[row]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in asdict(row).items())
    path.write_text(text, "utf-8")


PROGRAM = """
import importlib.util, json, sys, time
import numpy
from grader.data import load_mnist

slug, path, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
spec = importlib.util.spec_from_file_location("solution", path)
solution = importlib.util.module_from_spec(spec)
spec.loader.exec_module(solution)
(x, y), (x_test, y_test) = load_mnist()
flat, flat_test = (images.reshape(-1, 784) / numpy.float32(255) for images in (x, x_test))
if slug in {"dense", "cnn", "capstone"}:
    import keras

    keras.utils.set_random_seed(seed)
started = time.perf_counter()
if slug == "baseline":
    name, means = "nearest mean", solution.class_means(flat, y)
    parameters, show, read = means.size, flat_test, lambda part: solution.predict_nearest_mean(part, means)
elif slug == "softmax_regression":
    weights, bias = solution.train(flat, y, epochs=5, seed=seed)
    name, parameters, show = "softmax regression", weights.size + bias.size, flat_test
    read = lambda part: (part @ weights + bias).argmax(axis=1)
else:
    if slug == "dense":
        name, model, show = "dense 128", solution.compile_model(solution.build_model()), x_test / numpy.float32(255)
        solution.train_model(model, x, y)
    elif slug == "cnn":
        name, model, show = "two convolutions", solution.build_cnn(), solution.prepare(x_test)
        solution.train_cnn(model, x, y)
    else:
        name, model, show = "capstone reference", solution.build_model(), x_test
        solution.train_model(model, x, y)
    parameters, read = model.count_params(), lambda part: numpy.argmax(model.predict_on_batch(part), axis=1)
training_seconds = time.perf_counter() - started
parts = [show[start : start + 1000] for start in range(0, 10_000, 1000)]
read(parts[0])
times, labels = [], []
for part in parts:
    began = time.perf_counter()
    labels.append(read(part))
    times.append(1000 * (time.perf_counter() - began))
accuracy = float(numpy.mean(numpy.concatenate(labels) == y_test))
print(json.dumps({
    "name": name, "parameters": int(parameters), "accuracy": round(accuracy, 4),
    "milliseconds": round(float(numpy.median(times)), 1), "training_seconds": round(training_seconds, 1),
}))
"""

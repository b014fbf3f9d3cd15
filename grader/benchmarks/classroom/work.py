"""The work that `digits dev bench class` gives to all graders: submissions, and the tests in the form of each grader.

A submission is the reference of lesson 5 or another right solution. A grader builds its network, trains it for one
epoch on 6,000 digits, and tests the shape of its output and its accuracy on 10,000 other digits.
"""

import itertools
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.authoring.stubs import solution_path
from grader.course import PACKAGE, REPOSITORY, find_lesson

LESSON = find_lesson("dense")
WARN = {"tf_data.py", "tf_keras.py"}  # right as well, but nbgrader gives no points if there is a warning

# The way instructors write it today: in one process with the student's code, with digits from a file.
DIGITS = f"""\
import numpy as np

with np.load({str(PACKAGE / "data" / "mnist.npz")!r}) as digits:
    x_train, y_train = digits["x_train"][:6000], digits["y_train"][:6000]
    x_test, y_test = digits["x_test"] / np.float32(255), digits["y_test"]
"""
SHAPE = """\
outputs = build_model().predict(x_test[:8], verbose=0)
assert outputs.shape == (8, 10)
"""
ACCURACY = """\
model = compile_model(build_model())
train_model(model, x_train, y_train, epochs=1)
answers = model.predict(x_test, batch_size=500, verbose=0).argmax(axis=1)
assert (answers == y_test).mean() > 0.8
"""

# The way Digits does it: with digits drawn for this run, scored in a process without the student's code.
CHECKS = '''\
"""One training on 6,000 digits, for a measurement."""

from grader.api import check, expect, expect_array, expect_untrained


@check(points=2, title="ten numbers for each image")
def test_output_shape(submission, probe):
    expect_array(submission.build_model().predict(probe.images(8) / 255), (8, 10))


@check(points=8, title="after one epoch, it recognizes unseen digits", trains=True)
def test_accuracy(submission, digits):
    split = digits.split(num_train=6000)
    model = submission.compile_model(submission.build_model())
    expect_untrained(model, split)
    history = submission.train_model(model, split.x_train, split.y_train, epochs=1)
    expect(model.accuracy(split) > 0.8, history, "made a network that has learned too little", "80%")
'''

# Only the training: a script that trains one submission after the other, "together" in its own process, which trusts
# them, or each in a fork, the least that keeps one from tampering with the next. It prints a line when it has imported
# TensorFlow and read the digits.
TRAININGS = f"""\
import os, sys
import keras
{DIGITS}
print("ready", flush=True)

def train(path):
    names = {{"__name__": "submission"}}
    exec(compile(open(path).read(), path, "exec"), names)
    model = names["compile_model"](names["build_model"]())
    names["train_model"](model, x_train, y_train, epochs=1)

def train_in_a_fork(path):
    child = os.fork()
    if child == 0:
        train(path)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise SystemExit(path)

kind, *paths = sys.argv[1:]
sys.stdout = open(os.devnull, "w")
for path in paths:
    train(path) if kind == "together" else train_in_a_fork(path)
os._exit(0)
"""


def submissions(count: int) -> dict[str, str]:
    """The code of each student, no two alike."""
    alternatives = sorted((REPOSITORY / "tests" / "alternatives" / LESSON.stem).glob("*.py"))
    works = [solution_path(LESSON), *(path for path in alternatives if path.name not in WARN)]
    return {
        f"student{number:03}": f"{work.read_text('utf-8')}\n# {number}\n"
        for number, work in zip(range(count), itertools.cycle(works), strict=False)
    }


def notebook(code: str, tests: bool = False) -> str:
    """A submission as one of nbgrader's notebooks: an answer, and perhaps cells that test it."""
    cells = [_cell("answer", code, solution=True)]
    if tests:
        cells += [_cell("digits", DIGITS, locked=True)]
        cells += [_cell("shape", SHAPE, grade=True, locked=True, points=2)]
        cells += [_cell("accuracy", ACCURACY, grade=True, locked=True, points=8)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return writes(new_notebook(cells=cells, metadata={"kernelspec": kernel}))


def indented(text: str) -> str:
    """Code for the body of a function."""
    return text.replace("\n", "\n    ").rstrip()


def write(path: Path, text: str) -> Path:
    """Write a file, and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def pytest_file() -> str:
    """Tests of `submission.py` in the same folder."""
    return (
        f"from submission import *\n{DIGITS}\n\ndef test_shape():\n    {indented(SHAPE)}\n\n\n"
        f"def test_accuracy():\n    {indented(ACCURACY)}\n"
    )


def otter_file() -> str:
    """The same tests for otter-grader, in its format in which an exception is a failure."""
    functions = "build_model, compile_model, train_model"
    return (
        f'from otter.test_files import test_case\n{DIGITS}\nOK_FORMAT = False\nname, points = "dense", 10\n\n\n'
        f"@test_case(points=2)\ndef test_shape({functions}):\n    {indented(SHAPE)}\n\n\n"
        f"@test_case(points=8)\ndef test_accuracy({functions}):\n    {indented(ACCURACY)}\n"
    )


def _cell(grade_id: str, source: str, points: int | None = None, **marks: bool) -> object:
    every = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    own = marks | ({"points": points} if points else {})
    return new_code_cell(source, metadata={"nbgrader": every | own | {"grade_id": grade_id}})

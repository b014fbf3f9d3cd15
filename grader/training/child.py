"""The process that trains: ``python -m grader.training.child`` with a job on its standard input.

It runs the learner's code as any program of theirs, outside of the sandbox, and nothing that it says counts.
"""

import inspect
import json
import linecache
import os
import sys
import time
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.data import load_mnist
from grader.engine.runner.exceptions import class_name, frames_in, line_of_syntax, syntax_error, text_of
from grader.engine.runner.submission import run_cells, run_file
from grader.training.recipes import FIT, RECIPES, Recipe, Unusable, scaled
from grader.training.record import Record, write_record
from grader.training.reports import Printed, Reports, watch_fit, watch_numpy
from grader.training.yardstick import seconds_per_step

MODULE = "exercise"


class Problem(Exception):
    """Why there is no network; the message is a sentence for the learner."""


class Exercise:
    """The learner's file, and calls of its functions.

    Args:
        job: name, code and cells of the file.
        functions: those that will be called. Of a notebook, they and what they use are executed.

    Raises:
        Problem: the file fails, or lacks one of them.
    """

    def __init__(self, job: dict[str, Any], functions: Sequence[str]) -> None:
        self.name: str = job["name"]
        module = types.ModuleType(MODULE)
        sys.modules[MODULE] = module  # dataclasses look their module up
        self.namespace = vars(module)
        code: str = job["code"]
        linecache.cache[self.name] = (len(code), None, code.splitlines(keepends=True), self.name)
        with self.explained("the file"):
            if job["cells"]:
                run_cells(code, job["cells"], functions, self.name, self.namespace)
            else:
                run_file(code.encode(), self.name, self.namespace)
        for function in functions:
            if not callable(self.namespace.get(function)):
                raise Problem(f"There is no function {function} in {self.name}.")

    def call(self, function: str, *arguments: Any, **settings: Any) -> Any:
        """Call a function of the exercise; ``fit`` is that of the model, its first argument."""
        with self.explained(function):
            called = arguments[0].fit if function == FIT else self.namespace[function]
            returned = called(*(arguments[1:] if function == FIT else arguments), **settings)
        if function.startswith(("build_", "compile_")):
            self.expect_model(returned, function)
        return returned

    def expect_model(self, returned: Any, function: str) -> None:
        import keras

        if not isinstance(returned, keras.Model):
            kind = type(returned).__name__
            raise Problem(f"{function} in {self.name} returned {kind}, not a Keras model.")

    def explained(self, function: str) -> "Explained":
        return Explained(self.name, function)


class NotWritten(Problem):
    """A function of the exercise is still to be written."""


class Explained:
    """Inside this context, an exception of the learner's code becomes a `Problem` that names the place."""

    def __init__(self, name: str, function: str) -> None:
        self._name, self._function = name, function

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None or isinstance(error, (Problem, KeyboardInterrupt)):
            return
        if isinstance(error, NotImplementedError):
            missing = next((frame.name for frame in frames_in(error, self._name)[::-1]), self._function)
            raise NotWritten(f"{missing} in {self._name} is not written yet.") from None
        said = f"{class_name(error)}: {brief(error)}".rstrip(": ")
        if misread := syntax_error(error, {self._name}):
            raise Problem(f"{self._name}:{line_of_syntax(misread)} is not Python: {misread.msg}.") from None
        places = frames_in(error, self._name)
        if not places:
            raise Problem(f"{self._function} of {self._name} failed with {said}.") from None
        raise Problem(f"{self._name}:{places[-1].lineno} in {places[-1].name} raised {said}.") from None


def brief(error: BaseException) -> str:
    """The beginning of an exception's text, on one line. Keras lists all arguments after it."""
    text = " ".join(text_of(error, 400).partition("Arguments received by")[0].split()).rstrip(". ")
    return text if len(text) <= 200 else f"{text[:199]}…"


def main() -> None:
    """Train as the job on standard input says, and report on standard output."""
    reports = Reports(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what libraries print is not a report
    printed = Printed(reports)
    sys.stdout = sys.stderr = printed
    job = json.load(sys.stdin)
    try:
        done = carry_out(job, reports)
    except Problem as problem:
        printed.finish()
        reports.send(problem=str(problem))
    except (Unusable, MemoryError, OSError) as error:
        printed.finish()
        reports.send(problem=f"{error or 'There is not enough memory.'}")
    else:
        printed.finish()
        reports.send(done=done)


def carry_out(job: dict[str, Any], reports: Reports) -> dict[str, Any]:
    """Train, save the network as the job's draft, and read the test digits with it."""
    recipe = RECIPES[job["slug"]]
    (images, labels), (test_images, _) = load_mnist()
    labels = labels.astype(np.int64)
    uses_keras = job["slug"] not in {"softmax_regression", "backpropagation"}
    if uses_keras:
        watch_fit(reports)
    exercise = Exercise(job, recipe.functions)
    if not uses_keras:
        watch_numpy(exercise.namespace, reports, len(labels))
    reports.send(epochs=epochs_planned(exercise, recipe, job["settings"]))
    import keras  # noqa: F401  (what comes out is a Keras model; the import is no part of the training)

    reports.begin()
    started = time.monotonic()
    with exercise.explained("training"):
        model = recipe.train(exercise.call, images, labels, job["settings"])
    seconds = time.monotonic() - started
    reports.send(saving=True)
    predicted = save_and_read(exercise, recipe, model, job["draft"], test_images)
    write_record(Path(job["draft"]), Record(job["slug"], seconds, seconds / seconds_per_step()))
    return {"predicted": predicted.tolist(), "parameters": int(model.count_params())}


def epochs_planned(exercise: Exercise, recipe: Recipe, settings: dict[str, int]) -> int | None:
    """How many epochs the training will have, as far as can be told: what was asked for, or the exercise's default."""
    parameters = [inspect.signature(exercise.namespace[name]).parameters for name in recipe.functions]
    defaults = [known["epochs"].default for known in parameters if "epochs" in known]
    planned = settings.get("epochs") or next(iter(defaults), None)
    return planned if isinstance(planned, int) else None


def save_and_read(exercise: Exercise, recipe: Recipe, model: Any, draft: str, images: np.ndarray) -> np.ndarray:
    """Save a network; returns the labels that it gives to images."""
    if recipe.predictor:
        exercise.call("save_predictor", model, draft)
        labels = np.asarray(exercise.call("load_predictor", draft)(images))
    else:
        labels = read(model, scaled(images), exercise.name)
        save(model, draft)
    is_usable = labels.shape == (len(images),) and np.isin(labels, range(10)).all() and Path(draft).is_file()
    if not is_usable:
        raise Problem(f"{exercise.name}: its functions save and load no network that gives one label per digit.")
    return labels.astype(int)


def read(model: Any, images: np.ndarray, name: str) -> np.ndarray:
    """The labels that a network gives to images, in the form that it was built for."""
    form = model.input_shape[1:] if getattr(model, "input_shape", None) else (28, 28)
    with Explained(name, "the trained model"):
        scores = model.predict(images.reshape(-1, *form), batch_size=1000, verbose=0)
    labels: np.ndarray = np.asarray(scores).argmax(axis=-1)
    return labels


def save(model: Any, draft: str) -> None:
    """Save the network alone: what an optimizer remembers is of no use to somebody who only wants to read digits."""
    import keras

    from grader.engine.runner.operations.models import drawn

    graph = drawn(model)
    if graph.inputs:
        graph = keras.Model(graph.inputs, graph.outputs)
    graph.save(draft)


if __name__ == "__main__":
    main()

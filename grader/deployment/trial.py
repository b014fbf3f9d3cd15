"""Tries an exported file where Keras is not: ``python -m grader.deployment.trial`` with a job on its standard input.

In this process, TensorFlow and Keras cannot be imported; what runs the learner's code finds NumPy and the standard
library alone, as in the container. The job has format and file; for npz also name, code and cells of the exercise; for
the others form and scale. A job with a module, the exercise's code in a container, also tries its `respond`.
"""

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.data import load_mnist
from grader.deployment.missing import KERAS, Missing
from grader.training.child import Exercise, Problem, brief
from grader.training.reports import Printed, Reports

SECONDS = 60  # for code that is slow; the digits that it has read until then count
BATCH = 100
Predict = Callable[[np.ndarray], Any]  # images, in the form and range that it takes, to probabilities (n, 10)


class Unusable(Exception):
    """A runtime refuses the file; the message is a sentence."""


def main() -> None:
    """Do the job on standard input, and report on standard output."""
    reports = Reports(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what libraries print is not a report
    printed = Printed(reports)
    sys.stdout = sys.stderr = printed
    job = json.load(sys.stdin)
    images = load_mnist()[1][0]
    try:
        done = carry_out(job, images)
    except (Problem, Unusable, MemoryError, OSError) as error:
        printed.finish()
        reports.send(problem=f"{error or 'There is not enough memory.'}", is_for_check=isinstance(error, Problem))
    else:
        printed.finish()
        reports.send(done=done)


def carry_out(job: dict[str, Any], images: np.ndarray) -> dict[str, Any]:
    """Read the test digits, or as many as there is time for; returns their probabilities."""
    if job["format"] != "npz":
        sys.meta_path.insert(0, Missing(KERAS.__contains__))
        pixels = (images * np.float32(job["scale"])).reshape(-1, *job["form"])
        try:
            return {"probabilities": read_all(RUNTIMES[job["format"]](job["file"]), pixels)}
        except Exception as error:
            raise Unusable(f"The exported file cannot be run ({brief(error) or type(error).__name__}).") from None
    sys.meta_path.insert(0, Missing(lambda name: name not in sys.stdlib_module_names | {"numpy"}))
    answers = ("respond",) if "module" in job else ()
    exercise = Exercise(job, ("load_exported", "predict_exported", *answers))
    network = exercise.call("load_exported", job["file"])

    def predict_exported(raw: np.ndarray) -> np.ndarray:
        returned = exercise.call("predict_exported", network, raw)
        return expect_probabilities(returned, len(raw), exercise.name)

    probabilities = read_all(predict_exported, images)
    if answers:
        expect_answer(exercise, network, Path(job["module"]), images[0])
    return {"probabilities": probabilities}


def read_all(predict: Predict, images: np.ndarray) -> list[list[float]]:
    """The probabilities of images, until there are no more or the time is over."""
    read: list[list[float]] = []
    ends = time.monotonic() + SECONDS
    for start in range(0, len(images), BATCH):
        read += np.asarray(predict(images[start : start + BATCH]), float).tolist()
        if time.monotonic() > ends:
            break
    return read


def expect_probabilities(returned: Any, count: int, name: str) -> np.ndarray:
    """What `predict_exported` returned for some images, if it is ten finite numbers for each."""
    try:
        numbers = np.asarray(returned, float)
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if numbers.shape != (count, 10) or not np.isfinite(numbers).all():
        raise Problem(f"predict_exported in {name} did not return ten finite numbers for each of {count} images.")
    return numbers


def expect_answer(exercise: Exercise, network: Any, module: Path, image: np.ndarray) -> None:
    """See that the exercise answers a good request, and that its file in the container can be imported."""
    body = json.dumps({"image": image.tolist()}).encode()
    answer = exercise.call("respond", body, network)
    with exercise.explained("respond"):
        is_good = isinstance(answer, tuple) and len(answer) == 2 and answer[0] == 200 and bool(json.dumps(answer[1]))
    if not is_good:
        raise Problem(f"respond in {exercise.name} did not answer a good request with status 200.")
    spec = importlib.util.spec_from_file_location(module.stem, module)
    assert spec
    assert spec.loader
    sys.dont_write_bytecode = True
    with exercise.explained("the file"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def onnx_runtime(file: str) -> Predict:
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0].name
    return lambda pixels: session.run(None, {given: pixels})[0]


def litert_runtime(file: str) -> Predict:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(file)
    given, returned = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    shape: Sequence[int] = ()

    def predict(pixels: np.ndarray) -> np.ndarray:
        nonlocal shape
        if shape != pixels.shape:  # the file says one image at a time
            shape = pixels.shape
            interpreter.resize_tensor_input(given, shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(given, pixels)
        interpreter.invoke()
        probabilities: np.ndarray = interpreter.get_tensor(returned)
        return probabilities

    return predict


RUNTIMES: dict[str, Callable[[str], Predict]] = {
    "onnx": onnx_runtime,
    "litert": litert_runtime,
    "litert-int8": litert_runtime,
}

if __name__ == "__main__":
    main()

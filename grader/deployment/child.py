"""The process that exports: ``python -m grader.deployment.child`` with a job on its standard input.

It holds TensorFlow, loads the network and reads the test digits with it. Then it writes the draft: with Keras, or with
the learner's own `export_network`, which runs here as any program of theirs. The job has network, format and draft; for
npz also name, code and cells of the exercise.
"""

import dis
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from grader.data import load_mnist
from grader.deployment.formats import FORMATS, Unusable, inference_network
from grader.engine.runner.exceptions import traceback_of
from grader.training.child import Exercise, Problem, brief
from grader.training.reports import Printed, Reports

FUNCTION = "export_network"
ZERO_TO_ONE, ZERO_TO_255 = 1 / 255, 1.0  # what the levels of pixels are multiplied by
STEP = 20  # try every 20th test digit for the range of pixels


class Refused(Problem):
    """The exercise works, but takes no such network; the message is the learner's own."""


def main() -> None:
    """Do the job on standard input, and report on standard output."""
    reports = Reports(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what libraries print is not a report
    printed = Printed(reports)
    sys.stdout = sys.stderr = printed
    job = json.load(sys.stdin)
    try:
        done = carry_out(job, reports)
    except (Problem, Unusable, MemoryError, OSError) as error:
        printed.finish()
        is_for_check = isinstance(error, Problem) and not isinstance(error, Refused)
        reports.send(problem=f"{error or 'There is not enough memory.'}", is_for_check=is_for_check)
    else:
        printed.finish()
        reports.send(done=done)


def carry_out(job: dict[str, Any], reports: Reports) -> dict[str, Any]:
    """Write the draft.

    Returns:
        What Keras made of the test digits: probabilities, ten for each of them; form, the shape in which the network
        takes a digit; scale, what it wants the levels of pixels multiplied by.
    """
    network = load(Path(job["network"]))
    is_npz = job["format"] == "npz"
    images, labels = load_mnist()[1]
    scale = ZERO_TO_ONE if is_npz else fitting_scale(network, images[::STEP], labels[::STEP])
    probabilities = read(network, images, scale)  # first, in case the exercise changes the model
    reports.send(exporting=True)
    if is_npz:
        export(Exercise(job, [FUNCTION]), network, Path(job["draft"]))
    else:
        write(network, job["format"], Path(job["draft"]))
    return {"probabilities": probabilities.tolist(), "form": network.input_shape[1:], "scale": scale}


def load(path: Path) -> Any:
    """Load a network that takes one digit and gives ten numbers."""
    import keras

    try:
        network = keras.models.load_model(path, compile=False)
    except Exception as error:
        raise Unusable(f"{path.name} cannot be loaded ({brief(error) or type(error).__name__}).") from None
    form, given = getattr(network, "input_shape", None), getattr(network, "output_shape", None)
    if not isinstance(form, tuple) or np.prod(form[1:]) != 28 * 28 or given != (None, 10):
        raise Unusable(
            f"{path.name} holds no network that takes 28×28 pixels and gives ten numbers: it takes {form} and gives "
            f"{given}."
        )
    return network


def read(network: Any, images: np.ndarray, scale: float) -> np.ndarray:
    """The probabilities, float32 (n, 10), that a network gives to images, uint8 (n, 28, 28)."""
    pixels = (images * np.float32(scale)).reshape(-1, *network.input_shape[1:])
    probabilities: np.ndarray = np.asarray(network.predict(pixels, batch_size=1000, verbose=0))
    return probabilities


def fitting_scale(network: Any, images: np.ndarray, labels: np.ndarray) -> float:
    """The range of pixels that a network was trained on, which its file does not say: the one with the lower
    cross-entropy, as `digits predict` chooses it."""

    def cost(scale: float) -> float:
        given = read(network, images, scale)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(given, 1e-7)).mean())

    return min((ZERO_TO_ONE, ZERO_TO_255), key=cost)


def write(network: Any, form: str, draft: Path) -> None:
    """Let Keras write the draft.

    Raises:
        Unusable: it cannot, because of a layer for which the format has no operation, for instance.
    """
    try:
        FORMATS[form](inference_network(network), draft)
    except (Unusable, MemoryError, OSError):
        raise
    except Exception as error:
        said = brief(error) or type(error).__name__
        raise Unusable(f"Keras cannot write this network in the format {form} ({said}).") from None


def export(exercise: Exercise, network: Any, draft: Path) -> None:
    """Let the exercise write the draft.

    Raises:
        Problem: it fails, or writes no file.
        Refused: its own code raises ValueError, as the exercise asks for where a network cannot be exported.
    """
    with exercise.explained(FUNCTION):
        try:
            exercise.namespace[FUNCTION](network, str(draft))
        except ValueError as error:
            if is_raised_in(error, exercise.name):
                raise Refused(f"{FUNCTION} refused this network: {brief(error)}.") from None
            raise
    if not draft.is_file():
        raise Problem(f"{FUNCTION} in {exercise.name} wrote no file at the path that it was given.")


def is_raised_in(error: BaseException, filename: str) -> bool:
    """Whether a ``raise`` statement in a file raised it, rather than a library, or NumPy in a line of the file."""
    place = traceback_of(error)
    while place and place.tb_next:
        place = place.tb_next
    if place is None:
        return False
    code = place.tb_frame.f_code
    return code.co_filename == filename and dis.opname[code.co_code[place.tb_lasti]] == "RAISE_VARARGS"


if __name__ == "__main__":
    main()

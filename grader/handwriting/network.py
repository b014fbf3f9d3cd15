"""Finds the network to use, and feeds it digits in the form that it was trained on."""

import os
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.course import PACKAGE, CourseError
from grader.handwriting.words import brief, safe_for_display

OWN = Path("models/capstone.keras")  # in the workspace; lesson 14 saves it there
REFERENCE = PACKAGE / "data" / "reference.keras"
FORMS = ((28, 28), (28, 28, 1), (784,))  # input shapes that networks of this course have
SCALES = {1.0: "0 to 255", 1 / 255: "0 to 1"}
TRIAL_STEP = 20  # try every 20th test digit, 500 in all: the first test digits are harder than the last
BATCH = 250
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1"}


@dataclass(frozen=True)
class Choice:
    """Which model file to use, and why that one."""

    path: Path
    why: str
    advice: str = ""  # what to do if it cannot be used

    def refuse(self, problem: str) -> CourseError:
        return CourseError(f"The model in {self.name} {problem}.{self.advice}")

    @property
    def name(self) -> str:
        return safe_for_display(self.path)


def choose_model(named: Path | None, workspace: Path) -> Choice:
    """The model that was named; else the learner's own capstone; else the reference that ships with the course.

    Raises:
        CourseError: the file does not exist or is not a model.
    """
    own = workspace / OWN
    if named is not None:
        choice = Choice(named, "as you asked")
        if not named.exists():
            raise CourseError(f"There is no model {choice.name}. Check the path.")
        if named.suffix.lower() != ".keras" or not named.is_file():
            raise choice.refuse("cannot be used: name a file ending in .keras that model.save has written")
    elif own.is_file():
        advice = f" Remove {OWN} to use the course's network, or name another file with --model."
        choice = Choice(own, "your own", advice)
    else:
        choice = Choice(REFERENCE, "of the course", " Download that file again from where you got the course.")
    if not zipfile.is_zipfile(choice.path):  # every .keras file is one
        raise choice.refuse("cannot be loaded: it was not written by model.save")
    return choice


class Reader:
    """A trained network, and the range of pixels that it expects.

    The file does not say how the network was trained, so both ranges are tried: MNIST test digits with pixels from 0 to
    255, then from 0 to 1. The range with the higher accuracy is used from then on.

    Attributes:
        pixels: the range in words.
        accuracy: the fraction of those test digits that it classifies correctly.

    Raises:
        CourseError: the file cannot be loaded, or its network does not turn digits into ten numbers.
    """

    def __init__(self, choice: Choice, images: np.ndarray, labels: np.ndarray) -> None:
        self.choice = choice
        self._model = load(choice)
        self._form = self._fitting_form()
        images, labels = images[::TRIAL_STEP], labels[::TRIAL_STEP]
        right = {}
        for scale in SCALES:
            answers = self._ask(images, scale).argmax(axis=1)
            right[scale] = float(np.mean(answers == labels))
        self._scale = max(SCALES, key=lambda scale: right[scale])  # if equal, the first one, as for the capstone
        self.pixels, self.accuracy = SCALES[self._scale], right[self._scale]

    def probabilities(self, digits: np.ndarray) -> np.ndarray:
        """The network's probabilities for digits, uint8 (n, 28, 28): float (n, 10), rows that sum to 1."""
        return self._ask(digits, self._scale)

    def _ask(self, digits: np.ndarray, scale: float) -> np.ndarray:
        from keras import ops

        outputs = []
        for start in range(0, len(digits), BATCH):
            batch = digits[start : start + BATCH].reshape(-1, *self._form) * np.float32(scale)
            try:
                with silence():
                    outputs.append(ops.convert_to_numpy(self._model(batch, training=False)).astype(float))
            except Exception as error:
                raise self.choice.refuse(f"fails on a digit: {brief(error)}") from None
        rows = np.concatenate(outputs)
        if rows.shape != (len(digits), 10) or not np.isfinite(rows).all():
            raise self.choice.refuse("does not return ten finite numbers for each digit")
        if rows.min() < 0 or np.abs(rows.sum(axis=1) - 1).max() > 1e-3:  # logits: the softmax was left to the loss
            rows = np.exp(rows - rows.max(axis=1, keepdims=True))
        return rows / rows.sum(axis=1, keepdims=True)

    def _fitting_form(self) -> tuple[int, ...]:
        """The first of the forms that fits the network's input."""
        wanted = getattr(self._model, "input_shape", None)
        for form in FORMS:
            if wanted is None or fits(wanted, form):
                return form
        raise self.choice.refuse(
            f"expects inputs of shape {wanted}, but digits have shape (None, 28, 28) or (None, 28, 28, 1)"
        )


def fits(wanted: Any, form: tuple[int, ...]) -> bool:
    if not isinstance(wanted, tuple) or len(wanted) != len(form) + 1:
        return False
    return all(size in {None, length} for size, length in zip(wanted[1:], form, strict=True))


def load(choice: Choice) -> Any:
    """Load a model without messages from TensorFlow, and without running code from the file."""
    os.environ.update(ENVIRONMENT)
    with silence():
        import keras

        try:
            return keras.models.load_model(choice.path, compile=False, safe_mode=True)
        except Exception as error:  # a damaged or foreign file can raise anything
            raise choice.refuse(f"cannot be loaded: {brief(error)}") from None


@contextmanager
def silence() -> Iterator[None]:
    """Hide warnings. Some of TensorFlow's libraries write straight to the file descriptor of stderr, before any setting
    applies.
    """
    try:
        kept = os.dup(2)
    except OSError:  # without stderr there is nothing to hide
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)

"""Finds the network to use, and feeds it digits in the form that it was trained on.

A model file may come from anyone, and loading one can run functions that it names. So it is loaded and run by a runner,
in the sandbox, and its answers are checked here.
"""

import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from grader.api.errors import SubmissionError
from grader.course import PACKAGE, CourseError, Limits, lessons
from grader.engine.judge.client import CallTimedOut, Client, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.processes import AnyEngine
from grader.engine.wire.requests import Describe, Export, LoadModel, Predict, Request, Shapes, in_parts
from grader.handwriting import trials
from grader.handwriting.trials import Trial
from grader.handwriting.words import brief, safe_for_display

MODELS = Path("models")  # in the workspace; `digits train` saves networks there
OWN = MODELS / "capstone.keras"  # lesson 14 saves it there, too
REFERENCE = PACKAGE / "data" / "reference.keras"
FORMS = ((28, 28), (28, 28, 1), (784,))  # input shapes that networks of this course have
SCALES = {1.0: "0 to 255", 1 / 255: "0 to 1"}
TRIAL_STEP = 20  # try every 20th test digit, 500 in all: the first test digits are harder than the last
BATCH = 50
LIMITS = Limits(seconds=20, training_seconds=20, total_seconds=120)
MEGABYTE = 1000 * 1000
MOST_BYTES = 120 * MEGABYTE  # of a file

Answer = TypeVar("Answer")
Digits = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Choice:
    """Which model file to use, and why that one."""

    path: Path
    why: str
    advice: str = ""  # what to do if it cannot be used
    contents: bytes = b""

    def refuse(self, problem: str) -> CourseError:
        return CourseError(f"The model in {self.name} {problem}.{self.advice}")

    @property
    def name(self) -> str:
        return safe_for_display(self.path)


def choose_model(named: Path | None, workspace: Path) -> Choice:
    """The model that was named; else the learner's own capstone; else the reference that ships with the course.

    Args:
        named: a file, or the name of a network in the workspace's ``models``: dense is models/dense.keras.

    Raises:
        CourseError: the file does not exist, cannot be read, is not a model, or is far too large.
    """
    own = workspace / OWN
    if named is not None:
        if is_name(named):
            named = trained(named.name, workspace)
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
    return replace(choice, contents=read(choice))


def is_name(named: Path) -> bool:
    """Whether this is one word, and no file of that name is here."""
    return named.name == str(named) and not named.suffix and not named.exists()


def saved(workspace: Path) -> list[Path]:
    """The networks in the workspace's ``models``, by name; drafts of a training in progress are none."""
    paths = sorted((workspace / MODELS).glob("*.keras"))
    return [path for path in paths if path.is_file() and path.stem.isprintable() and not path.name.startswith(".")]


def trained(name: str, workspace: Path) -> Path:
    """The file of a network that was trained before."""
    path = MODELS / f"{name}.keras"
    if (workspace / path).exists():
        return workspace / path
    problem = f"There is no model {safe_for_display(path)}."
    if name.removesuffix("-reference") in {lesson.slug for lesson in lessons()}:
        reference = " --reference" if name.endswith("-reference") else ""
        raise CourseError(f"{problem} Train it first: ./digits train {name.removesuffix('-reference')}{reference}")
    raise CourseError(f"{problem} Check the name, or give the path of a .keras file.")


def read(choice: Choice) -> bytes:
    """The bytes of a model file."""
    try:
        with choice.path.open("rb") as file:
            contents = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise choice.refuse(f"cannot be read ({error.strerror})") from None
    if len(contents) > MOST_BYTES:
        raise choice.refuse(f"cannot be loaded: the file is larger than {MOST_BYTES // MEGABYTE} MB")
    if not zipfile.is_zipfile(BytesIO(contents)):  # every .keras file is one
        raise choice.refuse("cannot be loaded: it was not written by model.save")
    return contents


class Reader:
    """A trained network, and the range of pixels that it expects.

    The file does not say how the network was trained, so both ranges are tried: MNIST test digits with pixels from 0 to
    255, then from 0 to 1. The range with the lower cross-entropy is used from then on. (Not the one with the higher
    accuracy: on pixels that are too large, a network may be right as often, but it is always sure.)

    Attributes:
        form: the shape in which it takes a digit: one of `FORMS`.
        scale: what the levels of pixels, 0 to 255, are multiplied by before that.
        pixels: the range in words.
        accuracy: the fraction of those test digits that it classifies correctly.
        parameters: how many it has.

    Raises:
        CourseError: the file cannot be loaded, or its network does not turn digits into ten numbers.
    """

    def __init__(
        self, choice: Choice, engine: AnyEngine, digits: Callable[[], Digits], limits: Limits = LIMITS
    ) -> None:
        """Load a network and try it.

        Args:
            digits: loads MNIST test digits; called only if this file has not been tried before.
            limits: how long the network may take, for each answer and in all.
        """
        self.choice = choice
        self._client = Client(engine.start("tensorflow"), limits, Budget(limits.total_seconds))
        try:
            self._model = self._ask(LoadModel(in_parts(choice.contents)), "cannot be loaded").id
            described = self._ask(Describe(self._model), "cannot be loaded")
            self.form, self.parameters = self._fitting_form(described.input_shape), described.parameters
            known = self._tried(digits)
        except BaseException:
            self.close()
            raise
        self.scale = next(scale for scale, pixels in SCALES.items() if pixels == known.pixels)
        self.pixels, self.accuracy = known.pixels, known.accuracy

    def _tried(self, digits: Callable[[], Digits]) -> Trial:
        """What trying this file gave, now or earlier."""
        known = trials.recall(self.choice.contents)
        if known is None or known.pixels not in SCALES.values():
            known = self._try(*digits())
            trials.remember(self.choice.contents, known)
        else:
            self._probabilities(np.zeros((1, 28, 28), np.uint8), 1.0)  # the first prediction takes longest
        return known

    def _try(self, images: np.ndarray, labels: np.ndarray) -> Trial:
        """Read some test digits in each range of pixels; what the better one gave."""
        images, labels = images[::TRIAL_STEP], labels[::TRIAL_STEP]
        right, costs = {}, {}
        for scale in SCALES:
            rows = self._probabilities(images, scale)
            right[scale] = float(np.mean(rows.argmax(axis=1) == labels))
            costs[scale] = -float(np.log(rows[np.arange(len(labels)), labels] + 1e-7).mean())
        best = min(SCALES, key=lambda scale: costs[scale])  # if equal, the first one, as for the capstone
        return Trial(SCALES[best], right[best])

    def close(self) -> None:
        """End the process in which the network is."""
        self._client.end()

    def probabilities(self, digits: np.ndarray, batch: int = BATCH) -> np.ndarray:
        """The network's probabilities for digits, uint8 (n, 28, 28): float (n, 10), rows that sum to 1."""
        return self._probabilities(digits, self.scale, batch)

    def seconds(self, digits: np.ndarray) -> float:
        """How long the network takes for digits, uint8 (n, 28, 28), all at once."""
        batch = self._as_input(digits, self.scale)
        started = time.perf_counter()
        self._ask(Predict(self._model, batch), "fails on a digit")
        return time.perf_counter() - started

    def exported(self) -> tuple[Any, list[np.ndarray]]:
        """The network's architecture, as Keras describes it in JSON, and its weights."""
        exported = self._ask(Export(self._model), "cannot be taken apart")
        try:
            return json.loads(exported.architecture.tobytes()), exported.weights
        except ValueError:
            raise self.choice.refuse("has no description that can be read") from None

    def _probabilities(self, digits: np.ndarray, scale: float, batch: int = BATCH) -> np.ndarray:
        starts = range(0, len(digits), batch)
        rows = np.concatenate([self._outputs(digits[start : start + batch], scale) for start in starts])
        with np.errstate(all="ignore"):  # numbers may be as large as they like
            if rows.min() < 0 or np.abs(rows.sum(axis=1) - 1).max() > 1e-3:  # logits: the softmax was left to the loss
                rows = np.exp(rows - rows.max(axis=1, keepdims=True))
            return rows / rows.sum(axis=1, keepdims=True)

    def _outputs(self, digits: np.ndarray, scale: float) -> np.ndarray:
        rows = self._ask(Predict(self._model, self._as_input(digits, scale)), "fails on a digit")
        if not isinstance(rows, np.ndarray) or rows.shape != (len(digits), 10) or not np.isfinite(rows).all():
            raise self.choice.refuse("does not return ten finite numbers for each digit")
        return rows.astype(float)

    def _as_input(self, digits: np.ndarray, scale: float) -> np.ndarray:
        return digits.reshape(-1, *self.form) * np.float32(scale)

    def _fitting_form(self, wanted: Shapes | None) -> tuple[int, ...]:
        """The first of the forms that fits the network's input."""
        for form in FORMS:
            if wanted is None or fits(wanted, form):
                return form
        raise self.choice.refuse(
            f"expects inputs of shape {wanted}, but digits have shape (None, 28, 28) or (None, 28, 28, 1)"
        )

    def _ask(self, request: Request[Answer], problem: str) -> Answer:
        """What the runner answers. Its errors become a sentence with the problem in it."""
        try:
            return self._client.ask(request)
        except SubmissionError as error:
            cause = brief(error.text) or error.type
        except CallTimedOut as error:
            cause = "this computer is too busy" if error.was_starved else f"it takes longer than {error.seconds:g} s"
        except RunnerGone as error:
            cause = "it needs too much memory" if error.out_of_memory else brief(f"it {error}")
        raise self.choice.refuse(f"{problem}: {cause}")


def fits(wanted: Any, form: tuple[int, ...]) -> bool:
    if not isinstance(wanted, tuple) or len(wanted) != len(form) + 1:
        return False
    return all(size in {None, length} for size, length in zip(wanted[1:], form, strict=True))

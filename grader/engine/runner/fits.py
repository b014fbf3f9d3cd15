"""Watches calls of ``fit`` in the runner: progress for the display, and facts for the naming of mistakes."""

import contextlib
import functools
import inspect
import math
import time
from typing import Any

import keras
import numpy as np

from grader.engine.runner.rows import TOLERATED, Rows
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.requests import FitFacts
from grader.engine.wire.values import arrays_in

KERAS_FIT = keras.Model.fit  # as it was before anybody replaced it
SECONDS_BETWEEN_REPORTS = 0.1
BLANK = np.zeros((70, 28, 28), np.uint8), np.zeros(70, np.int64)
MAX_OBSERVED = 20  # calls that are remembered of one request


def watch(workspace: Workspace) -> None:
    """Replace ``Model.fit`` by one that is silent, reports progress and notes what it was given; and the download of
    MNIST by one that serves the training data at hand."""
    signature = inspect.signature(KERAS_FIT)

    def note(facts: FitFacts) -> None:
        if len(workspace.observed) < MAX_OBSERVED:
            workspace.observed.append(facts)

    @functools.wraps(KERAS_FIT)
    def fit(model: keras.Model, *args: Any, **kwargs: Any) -> Any:
        given = signature.bind(model, *args, **kwargs)
        given.apply_defaults()
        facts, validation = observe(model, given.arguments), Validation(given.arguments)
        note(facts)
        given.arguments["verbose"] = 0
        reporter = Reporter(workspace)
        callbacks = given.arguments.get("callbacks")
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(reporter)
        else:
            own = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
            given.arguments["callbacks"] = [*own, reporter]
        try:
            return KERAS_FIT(*given.args, **given.kwargs)
        finally:
            facts["validates_on_training_rows"] = validation.is_on_training_rows()

    def load_data(path: str = "mnist.npz") -> Any:
        note({"loaded_mnist": True})
        given = [array for argument in workspace.arguments for array in arrays_in(argument)]
        images, labels = given[:2] if len(given) >= 2 else BLANK  # while the file is loaded, nothing is given
        held_out = len(images) // 7
        return (images.copy(), labels.copy()), (images[:held_out].copy(), labels[:held_out].copy())

    keras.Model.fit = fit
    keras.datasets.mnist.load_data = load_data


class Reporter(keras.callbacks.Callback):
    """Sends progress to the judge's display, at most ten times a second."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.epoch = 0
        self.last = 0.0  # when it reported, by the monotonic clock

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Note which epoch it is; counted from 0."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Report how far training is and what it has reached, unless it has only just done so."""
        now = time.monotonic()
        if now - self.last >= SECONDS_BETWEEN_REPORTS:
            self.last = now
            steps = self.params.get("steps") or 0
            place = {"epoch": self.epoch, "epochs": self.params.get("epochs"), "step": batch + 1, "steps": steps}
            self.workspace.progress(**reached(logs or {}), **place)


def reached(logs: dict[str, Any]) -> dict[str, float]:
    """Loss and accuracy so far in this epoch; what is not a finite number cannot be sent."""
    figures = {}
    for name in ("loss", "accuracy"):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            figures[name] = float(logs[name])
    return {name: value for name, value in figures.items() if math.isfinite(value)}


def observe(model: keras.Model, given: dict[str, Any]) -> FitFacts:
    """Plain facts about one call of fit; those that do not apply are left out."""
    x, y, validation = given.get("x"), given.get("y"), given.get("validation_data")
    validation_split = float(given.get("validation_split") or 0)
    facts: dict[str, Any] = {"model": id(model), "epochs": given.get("epochs"), "batch_size": given.get("batch_size")}
    if isinstance(x, np.ndarray) and x.size:
        facts |= {"rows": len(x), "x_shape": list(x.shape), "x_max": float(x.max())}
    if isinstance(y, np.ndarray):
        facts["y_shape"] = list(y.shape)
    facts["validation_split"] = validation_split
    facts["validates"] = bool(validation_split) or validation is not None
    if isinstance(validation, tuple) and isinstance(validation[0], np.ndarray):
        facts["validation_rows"] = len(validation[0])
    known: Any = {name: value for name, value in facts.items() if can_be_told(value)}
    told: FitFacts = known  # a claim, whatever its type: the judge takes out what does not fit
    return told


def can_be_told(value: Any) -> bool:
    """True for what JSON has a form for: what is no such number, text or list is left out of the facts."""
    if isinstance(value, (int, float)):
        return math.isfinite(value) and abs(value) < 2**63
    return isinstance(value, (str, list))


class Validation:
    """What a call of fit trains on, and what it validates on. Generators among the arguments are replaced by such that
    can tell. Of data in a form that is not known here, nothing is said."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self._training = self._validation = None
        x, validation, share = arguments.get("x"), arguments.get("validation_data"), arguments.get("validation_split")
        with contextlib.suppress(Exception):  # the submission's own classes may do anything
            if validation is not None:
                self._training, self._validation = Rows(x), Rows(validation)
                if self._training.data is not x:
                    arguments["x"] = self._training.data
                if self._validation.data is not validation:
                    arguments["validation_data"] = self._validation.data
            elif share:
                self._training, self._validation = Rows.cut(x, float(share))

    def is_on_training_rows(self) -> bool:
        """True when it validates on rows that it trains on, as far as that can be told when it is over."""
        if self._training is None or self._validation is None:
            return False
        return self._validation.share_in(self._training) > TOLERATED

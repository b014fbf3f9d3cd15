"""Watches training in the runner: progress for the display, and facts about each fit for the naming of mistakes."""

import contextlib
import functools
import inspect
import math
import time
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from grader.engine.runner.server import arrays_in

if TYPE_CHECKING:
    from grader.engine.runner.server import Runner

KERAS_FIT = keras.Model.fit  # as it was before anybody replaced it
SECONDS_BETWEEN_REPORTS = 0.1
BLANK = np.zeros((70, 28, 28), np.uint8), np.zeros(70, np.int64)
MAX_OBSERVED = 20  # calls of fit that are remembered of one request


def watch(runner: "Runner") -> None:
    """Replace ``Model.fit`` by one that is silent, reports progress and notes what it was given; and the download of
    MNIST by one that serves the training data at hand."""
    signature = inspect.signature(KERAS_FIT)

    @functools.wraps(KERAS_FIT)
    def fit(model: keras.Model, *args: Any, **kwargs: Any) -> Any:
        given = signature.bind(model, *args, **kwargs)
        given.apply_defaults()
        if len(runner.observed) < MAX_OBSERVED:
            runner.observed.append(observe(runner, model, given.arguments))
        given.arguments["verbose"] = 0
        reporter = Reporter(runner)
        callbacks = given.arguments.get("callbacks")
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(reporter)
        else:
            own = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
            given.arguments["callbacks"] = [*own, reporter]
        return KERAS_FIT(*given.args, **given.kwargs)

    def load_data(path: str = "mnist.npz") -> Any:
        runner.observed.append({"loaded_mnist": True})
        given = [array for argument in runner.arguments for array in arrays_in(argument)]
        images, labels = (
            given[:2] if len(given) >= 2 else BLANK
        )  # blank while the file is loaded: nothing is given then
        held_out = len(images) // 7
        return (images.copy(), labels.copy()), (images[:held_out].copy(), labels[:held_out].copy())

    keras.Model.fit = fit
    keras.datasets.mnist.load_data = load_data


def simulate_training(callback: keras.callbacks.Callback, figures: dict[str, list[float]]) -> tuple[int, int]:
    """Walk a callback through a training in which each epoch reaches given figures and its number is the only weight.

    Returns:
        How many epochs the callback let happen, and which epoch's weight (from 1) the model has at the end.
    """
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse", metrics=["accuracy"])
    model.train_on_batch(np.zeros((1, 1)), np.zeros((1, 1)))  # from then on it knows its metrics
    epochs, ran = len(next(iter(figures.values()))), 0
    callback.set_params({"epochs": epochs, "steps": 1, "verbose": 0})
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin()
    while ran < epochs and not model.stop_training:
        callback.on_epoch_begin(ran)
        model.set_weights([np.full((1, 1), ran + 1, np.float32)])
        callback.on_epoch_end(ran, {name: values[ran] for name, values in figures.items()})
        ran += 1
    callback.on_train_end()
    return ran, round(float(model.get_weights()[0][0, 0]))


class Reporter(keras.callbacks.Callback):
    """Sends progress to the judge's display, at most ten times a second."""

    def __init__(self, runner: "Runner") -> None:
        super().__init__()
        self.runner, self.epoch, self.last = runner, 0, 0.0

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        now = time.monotonic()
        if now - self.last >= SECONDS_BETWEEN_REPORTS:
            self.last = now
            steps = self.params.get("steps") or 0
            place = {"epoch": self.epoch, "epochs": self.params.get("epochs"), "step": batch + 1, "steps": steps}
            self.runner.progress(**reached(logs or {}), **place)


def reached(logs: dict[str, Any]) -> dict[str, float]:
    """Loss and accuracy so far in this epoch; what is not a finite number cannot be sent."""
    figures = {}
    for name in ("loss", "accuracy"):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            figures[name] = float(logs[name])
    return {name: value for name, value in figures.items() if math.isfinite(value)}


def observe(runner: "Runner", model: keras.Model, given: dict[str, Any]) -> dict[str, Any]:
    """Plain facts about one call of fit; those that do not apply are left out."""
    x, y = given.get("x"), given.get("y")
    facts: dict[str, Any] = {"model": id(model), "epochs": given.get("epochs"), "batch_size": given.get("batch_size")}
    if isinstance(x, np.ndarray) and x.size:
        facts |= {"rows": len(x), "x_shape": list(x.shape), "x_max": float(x.max())}
    if isinstance(y, np.ndarray):
        facts["y_shape"] = list(y.shape)
    facts["validation_split"] = float(given.get("validation_split") or 0)
    validation = given.get("validation_data")
    facts["validates"] = bool(facts["validation_split"]) or validation is not None
    if isinstance(validation, tuple) and isinstance(validation[0], np.ndarray):
        facts["validation_rows"] = len(validation[0])
        facts["validates_on_training_rows"] = isinstance(x, np.ndarray) and seen(validation[0], x)
    plain = (bool, int, float, str, list)
    return {name: value for name, value in facts.items() if isinstance(value, plain)}


def seen(rows: np.ndarray, among: np.ndarray) -> bool:
    """True when the first rows of one array all occur in another."""
    if rows.shape[1:] != among.shape[1:]:
        return False
    known = {row.tobytes() for row in among}
    return all(row.tobytes() in known for row in rows[:20].astype(among.dtype))

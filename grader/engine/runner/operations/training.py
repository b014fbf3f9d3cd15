"""Training, and what a model was compiled with: the settings are rebuilt in the scorer, as models are."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from grader.engine.runner.operations import models
from grader.engine.runner.operations.registry import operation
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.requests import (
    MAX_NAME,
    Export,
    ExportSettings,
    History,
    Loss,
    Rebuild,
    RebuildSettings,
    Settings,
    Simulated,
    SimulateTraining,
    Train,
)
from grader.engine.wire.values import MAX_ITEMS, Handle

MAX_SERIES = 64  # figures that a History is told to have, and metrics that a model is


def warm_up() -> None:
    """Do once, with a model of no use, what Keras does slowly the first time; leave no trace of it in the names that
    Keras gives to the layers to come."""
    workspace = Workspace(channel=None)
    images = np.zeros((2, 28, 28), np.float32)
    layers = keras.layers
    convolution = [layers.Reshape((28, 28, 1)), layers.Conv2D(2, 3, activation="relu"), layers.MaxPooling2D()]
    network = [layers.Flatten(), layers.Dense(8, "relu"), layers.Dense(10)]
    model = keras.Sequential([keras.Input((28, 28)), *convolution, *network])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    handle = workspace.handle_of(model).id
    exported = models.export(workspace, Export(handle))
    rebuilt = models.rebuild(workspace, Rebuild(exported.architecture, exported.weights))
    settings = rebuild_settings(workspace, RebuildSettings(export_settings(workspace, ExportSettings(handle))))
    outputs = np.asarray(models.model_in(workspace, rebuilt.id)(images, training=False))
    loss(workspace, Loss(settings.stand_in.id, np.zeros(2, np.int64), outputs))
    keras.backend.clear_session()


@operation(Train)
def train(workspace: Workspace, request: Train) -> Handle:
    """Train a fresh copy of a model by Adam and cross-entropy, whatever it was compiled with; returns the copy.

    A model that cannot be copied (it holds classes of its own) is trained itself.
    """
    model = models.model_in(workspace, request.handle)
    with contextlib.suppress(Exception):
        model = keras.models.clone_model(model)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(request.x, request.y, epochs=request.epochs, batch_size=request.batch_size, verbose=0)
    return workspace.handle_of(model)


@operation(History)
def history(workspace: Workspace, request: History) -> dict[str, list[float]]:
    """What a History says of every epoch; what is no list of numbers is left out."""
    figures = workspace.kept[request.handle].history
    series = {
        name[:MAX_NAME]: [float(value) for value in values]
        for name, values in figures.items()
        if isinstance(name, str) and isinstance(values, list) and len(values) <= MAX_ITEMS and all(map(is_real, values))
    }
    return dict(list(series.items())[:MAX_SERIES])


@operation(SimulateTraining)
def simulate_training(workspace: Workspace, request: SimulateTraining) -> Simulated:
    """Show a callback a training in which each epoch reaches given figures and its number is the only weight."""
    callback, figures = workspace.kept[request.handle], request.figures
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
    return Simulated(epochs=ran, weights_of=round(float(model.get_weights()[0][0, 0])))


@operation(ExportSettings)
def export_settings(workspace: Workspace, request: ExportSettings) -> np.ndarray:
    """How a model was compiled: its optimizer, loss and metrics as JSON text in a uint8 array; null if it was not."""
    model = workspace.kept[request.handle]
    config = model.get_compile_config() if model.compiled else None
    return models.as_json(config and {name: config.get(name) for name in ("optimizer", "loss", "metrics")})


@operation(RebuildSettings)
def rebuild_settings(workspace: Workspace, request: RebuildSettings) -> Settings:
    """Compile a stand-in, a model without layers, as an exported model was compiled."""
    config = json.loads(request.exported.tobytes().decode())
    if config is None:
        return Settings(optimizer=None, loss=None, metrics=[], stand_in=None)
    optimizer = _rebuild_setting(config["optimizer"], keras.optimizers.get)
    compiled_loss = _rebuild_setting(config["loss"], keras.losses.get)
    listed = config["metrics"] if isinstance(config["metrics"], list) else [config["metrics"]]
    stand_in = None
    if compiled_loss is not None:
        stand_in = keras.Sequential([keras.Input((None,))])
        stand_in.compile(loss=compiled_loss)
    return Settings(
        optimizer=type(optimizer).__name__ if optimizer is not None else None,
        loss=_name_of_loss(compiled_loss or config["loss"]),
        metrics=[_name_of_metric(metric) for metric in listed if metric][:MAX_SERIES],
        stand_in=workspace.handle_of(stand_in) if stand_in is not None else None,
    )


@operation(Loss)
def loss(workspace: Workspace, request: Loss) -> float:
    """What the compiled loss says about some predictions."""
    model, y_pred = workspace.kept[request.handle], keras.ops.convert_to_tensor(request.y_pred)
    return float(model.compute_loss(x=None, y=request.y_true, y_pred=y_pred))


def is_real(value: Any) -> bool:
    """True for a number of Python or NumPy that is no boolean."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _rebuild_setting(node: Any, get: Callable[[Any], Any]) -> Any:
    """An optimizer or a loss of Keras from its name or configuration; None if Keras does not have it."""
    try:
        models.refuse_unknown(node)
        return get(node)
    except Exception:
        return None


def _name_of_loss(value: Any) -> str | None:
    """The loss as snake case, whichever way it was given: by name, as a function or as an object."""
    if value is None:
        return None
    known = getattr(value, "name", None) or getattr(value, "__name__", None) or type(value).__name__
    return str(value if isinstance(value, str) else known)[:MAX_NAME]


def _name_of_metric(node: Any) -> str:
    config = node.get("config") if isinstance(node, dict) else None
    return str(config.get("name") if isinstance(config, dict) else node)[:MAX_NAME]

"""Exported networks for tests, made without TensorFlow: the reference exports whatever looks like a Keras model."""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
from conftest import REPOSITORY

SOLUTION = REPOSITORY / "solutions" / "15_deployment.py"
LAYERS = (  # of lesson 10: kind, shape of the kernel, activation
    ("Conv2D", (5, 5, 1, 16), "relu"),
    ("MaxPooling2D", None, "linear"),
    ("Conv2D", (3, 3, 16, 32), "relu"),
    ("MaxPooling2D", None, "linear"),
    ("Flatten", None, "linear"),
    ("Dense", (800, 64), "relu"),
    ("Dense", (64, 10), "softmax"),
)


@cache
def reference() -> ModuleType:
    """The reference solution of lesson 15."""
    spec = importlib.util.spec_from_file_location("reference_15", SOLUTION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_network(path: Path, seed: int = 0) -> Path:
    """Export a network with the layers of lesson 10 and random weights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    reference().export_network(SimpleNamespace(layers=[layer(rng, *each) for each in LAYERS]), str(path))
    return path


def layer(rng, kind: str, shape: tuple[int, ...] | None, activation: str):
    """An object that tells of itself what a Keras layer does."""
    settings = reference().FOLLOWED[kind] | {"activation": activation}
    weights = [rng.normal(0, 0.1, shape), rng.normal(0, 0.1, shape[-1])] if shape else []
    weights = [each.astype(np.float32) for each in weights]
    methods = {"get_config": lambda self: settings, "get_weights": lambda self: weights, "weights": weights}
    return type(kind, (), methods)()

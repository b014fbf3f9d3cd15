"""Keras models across the protocol: exported as architecture and raw weights, rebuilt through an allow-list.

Rebuilding happens in the scorer, a process that holds neither the submission's code nor any labels. What a submission
overrides, ``predict`` for instance, does not come along.
"""

import contextlib
import inspect
import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras.src.models.functional import Functional

# Layers whose behavior is fully described by their configuration and weights. Lambda layers, custom classes and
# anything else that could name code stay out.
LAYERS = frozenset(
    """InputLayer Dense Flatten Reshape Permute Activation ReLU LeakyReLU PReLU ELU Softmax Rescaling Normalization
    Dropout SpatialDropout2D AlphaDropout GaussianNoise GaussianDropout ActivityRegularization
    BatchNormalization LayerNormalization GroupNormalization UnitNormalization
    Conv1D Conv2D Conv2DTranspose DepthwiseConv2D SeparableConv2D ZeroPadding2D Cropping2D UpSampling2D
    MaxPooling1D MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D
    Add Subtract Multiply Average Maximum Minimum Concatenate
    RandomTranslation RandomRotation RandomZoom RandomFlip RandomCrop RandomContrast RandomBrightness
    Sequential Functional __keras_tensor__""".split()
)
LAYER_MODULES = frozenset(
    "keras keras.layers keras.models keras.src.models.functional keras.src.models.sequential".split()
)
OPERATIONS = frozenset(  # functions of Keras that a graph may hold
    """Relu ReLU Gelu Elu Tanh Sigmoid Softmax LogSoftmax Reshape ExpandDims Squeeze Transpose Concatenate
    Add Subtract Multiply Divide TrueDivide Mean Max""".split()
)
OPERATION_MODULES = frozenset("keras.src.ops.numpy keras.src.ops.nn keras.src.activations.activations".split())
HELPER_MODULES = frozenset(
    """keras.initializers keras.regularizers keras.constraints
    keras.optimizers keras.optimizers.schedules keras.losses keras.metrics""".split()
)
SHOWN_SETTINGS = (
    "units activation filters kernel_size strides padding pool_size rate use_bias target_shape scale "
    "factor height_factor width_factor fill_mode fill_value".split()
)
MAX_LAYERS = 500
IMAGE_SHAPES = ((28, 28), (28, 28, 1))


class NotRebuildable(Exception):
    """The model holds something that is not on the allow-list."""


def warm_up() -> None:
    """Do once, with a model of no use, what Keras does slowly the first time; leave no trace of it in the names that
    Keras gives to the layers to come."""
    images = np.zeros((2, 28, 28), np.float32)
    layers = keras.layers
    convolution = [layers.Reshape((28, 28, 1)), layers.Conv2D(2, 3, activation="relu"), layers.MaxPooling2D()]
    network = [layers.Flatten(), layers.Dense(8, "relu"), layers.Dense(10)]
    model = keras.Sequential([keras.Input((28, 28)), *convolution, *network])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    architecture, weights = export(model)
    rebuilt = rebuild(architecture.tobytes().decode(), weights)
    stand_in, _ = rebuild_settings(export_settings(model).tobytes().decode())
    loss(stand_in, np.zeros(2, np.int64), np.asarray(rebuilt(images, training=False)))
    keras.backend.clear_session()


def export(model: keras.Model) -> tuple[np.ndarray, list[np.ndarray]]:
    """A model's architecture as JSON text (in a uint8 array) and its weights."""
    model = drawn(model)
    kind = "Sequential" if isinstance(model, keras.Sequential) else type(model).__name__
    text = json.dumps({"class_name": kind, "config": model.get_config()}, default=_serialize)
    text = json.dumps(_name_functions(json.loads(text)))
    return np.frombuffer(text.encode(), np.uint8), [np.asarray(weight) for weight in model.get_weights()]


def drawn(model: keras.Model) -> keras.Model:
    """The graph of layers that a subclassed model draws when it is called on images; the model itself if that is
    Sequential or functional, if it draws none, or if it draws another one in training."""
    if type(model).call in {keras.Sequential.call, Functional.call}:
        return model
    modes = (
        ({"training": False}, {"training": True}) if "training" in inspect.signature(model.call).parameters else ({},)
    )
    for shape in IMAGE_SHAPES:
        try:
            images = keras.Input(shape)
            graphs = [keras.Model(images, model.call(images, **mode)) for mode in modes]
        except Exception:
            continue
        kinds = {tuple(type(layer) for layer in graph.layers) for graph in graphs}
        return graphs[0] if len(kinds) == 1 else model
    return model


def rebuild(text: str, weights: list[np.ndarray]) -> keras.Model:
    """Build a model from an exported architecture and weights.

    Raises:
        NotRebuildable: a class that is not on the allow-list, or weights that do not fit.
    """
    architecture = json.loads(text)
    if architecture.get("class_name") not in {"Sequential", "Functional"}:
        raise NotRebuildable(f"a model of class {architecture.get('class_name')}")
    _inspect(architecture)
    try:
        classes = {"Sequential": keras.Sequential, "Functional": keras.Model}
        model = classes[architecture["class_name"]].from_config(architecture["config"])
        model.set_weights(weights)
    except Exception as error:
        raise NotRebuildable(f"{type(error).__name__}: {error}") from None
    return model


def build(layers: list[tuple[str, dict[str, Any]]], weights: list[np.ndarray]) -> keras.Model:
    """Build a Sequential model that a check describes: each layer by its class and its arguments."""
    model = keras.Sequential([getattr(keras.layers, kind)(**settings) for kind, settings in layers])
    model.set_weights(weights)
    return model


def train(model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int, batch_size: int) -> keras.Model:
    """Train a fresh copy of a model by Adam and cross-entropy, whatever it was compiled with; returns the copy.

    A model that cannot be copied (it holds classes of its own) is trained itself.
    """
    with contextlib.suppress(Exception):
        model = keras.models.clone_model(model)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)
    return model


def describe(model: keras.Model) -> dict[str, Any]:
    """Shapes, layers and parameters of a model, in plain values."""
    return {
        "input_shape": _shape(model, "input_shape"),
        "output_shape": _shape(model, "output_shape"),
        "parameters": int(model.count_params()) if model.built else 0,
        "layers": [_describe_layer(layer) for layer in _leaves(model)[:MAX_LAYERS]],
    }


def export_settings(model: keras.Model) -> np.ndarray:
    """How a model was compiled: its optimizer, loss and metrics as JSON text in a uint8 array; null if it was not."""
    config = model.get_compile_config() if model.compiled else None
    config = config and {name: config.get(name) for name in ("optimizer", "loss", "metrics")}
    text = json.dumps(_name_functions(json.loads(json.dumps(config, default=_serialize))))
    return np.frombuffer(text.encode(), np.uint8)


def rebuild_settings(text: str) -> tuple[keras.Model | None, dict[str, Any]]:
    """Compile a stand-in, a model without layers, as an exported model was compiled.

    Returns:
        The stand-in, or None if the loss is of the submission's own making; and ``optimizer``, ``loss`` and
        ``metrics`` by name. An optimizer that Keras does not have is None.
    """
    config = json.loads(text)
    if config is None:
        return None, {"optimizer": None, "loss": None, "metrics": []}
    optimizer = _rebuild_setting(config["optimizer"], keras.optimizers.get)
    loss = _rebuild_setting(config["loss"], keras.losses.get)
    listed = config["metrics"] if isinstance(config["metrics"], list) else [config["metrics"]]
    names = {
        "optimizer": optimizer and type(optimizer).__name__,
        "loss": _name_of_loss(loss or config["loss"]),
        "metrics": [_name_of_metric(metric) for metric in listed if metric],
    }
    if loss is None:
        return None, names
    stand_in = keras.Sequential([keras.Input((None,))])
    stand_in.compile(loss=loss)
    return stand_in, names


def loss(model: keras.Model, y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """What the compiled loss says about some predictions."""
    return float(model.compute_loss(x=None, y=y_true, y_pred=keras.ops.convert_to_tensor(y_pred)))


def _name_functions(node: Any) -> Any:
    """Write functions given as such (``activation=tf.nn.relu``) by the name that Keras knows them by ("relu")."""
    if isinstance(node, dict):
        if node.get("class_name") == "function":
            return str(node.get("config")).removesuffix("_v2")
        return {key: _name_functions(value) for key, value in node.items()}
    return [_name_functions(item) for item in node] if isinstance(node, list) else node


def _inspect(node: Any) -> None:
    """Walk an architecture; raise NotRebuildable at the first thing that is not on the allow-list."""
    if isinstance(node, dict):
        name, module = node.get("class_name"), node.get("module") or "keras.layers"
        is_helper = module in HELPER_MODULES and not str(name).startswith("__")
        is_part = (name in LAYERS and module in LAYER_MODULES) or (name in OPERATIONS and module in OPERATION_MODULES)
        known = is_part or is_helper or name == "DTypePolicy"
        if name is not None and not (known and node.get("registered_name") in {None, name}):
            raise NotRebuildable(f"something of class {name}")
        for child in node.values():
            _inspect(child)
    elif isinstance(node, list):
        for child in node:
            _inspect(child)


def _leaves(model: keras.Model) -> list[keras.Layer]:
    """The layers of a model in order, with nested models opened up."""
    return [leaf for layer in model.layers for leaf in (_leaves(layer) if hasattr(layer, "layers") else [layer])]


def _describe_layer(layer: keras.Layer) -> dict[str, Any]:
    config = layer.get_config()
    settings = {name: _plain(config[name]) for name in SHOWN_SETTINGS if name in config}
    parameters = int(layer.count_params()) if layer.built else 0
    return {"type": type(layer).__name__, "parameters": parameters, "settings": settings}


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("class_name"))
    return value if isinstance(value, (bool, int, float, str)) or value is None else type(value).__name__


def _shape(model: keras.Model, name: str) -> tuple | None:
    try:
        return tuple(getattr(model, name))
    except (AttributeError, ValueError, TypeError):
        return None


def _rebuild_setting(node: Any, get: Callable[[Any], Any]) -> Any:
    """An optimizer or a loss of Keras from its name or configuration; None if Keras does not have it."""
    try:
        _inspect(node)
        return get(node)
    except Exception:
        return None


def _name_of_loss(value: Any) -> str | None:
    """The loss as snake case, whichever way it was given: by name, as a function or as an object."""
    if value is None or isinstance(value, str):
        return value
    return getattr(value, "name", None) or getattr(value, "__name__", None) or type(value).__name__


def _name_of_metric(node: Any) -> str:
    config = node.get("config") if isinstance(node, dict) else None
    return str(config.get("name") if isinstance(config, dict) else node)


def _serialize(value: Any) -> Any:
    return keras.saving.serialize_keras_object(value)

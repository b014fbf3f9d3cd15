"""A trained network as the page computes it: a chain of layers with their settings and weights.

`grader/draw/page/layers.js` computes the same layers. A network with anything else in it is left to Keras.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Settings = dict[str, Any]

ACTIVATIONS = frozenset(
    "linear relu relu6 leaky_relu elu selu sigmoid hard_sigmoid tanh softplus softsign silu swish gelu exponential "
    "softmax".split()
)
POOLING = ("pool_size", "strides", "padding")
SLIDING = ("kernel_size", "strides", "padding", "dilation_rate")
FORMS: dict[str, tuple[tuple[str, ...], str]] = {  # the settings that count, and the roles of the weights in order
    "Dense": (("units", "activation", "use_bias"), "kernel bias"),
    "Conv2D": (("filters", "activation", "use_bias", *SLIDING), "kernel bias"),
    "DepthwiseConv2D": (("depth_multiplier", "activation", "use_bias", *SLIDING), "kernel bias"),
    "SeparableConv2D": (("filters", "depth_multiplier", "activation", "use_bias", *SLIDING), "kernel kernel bias"),
    "BatchNormalization": (("epsilon", "scale", "center"), "gamma beta mean variance"),
    "MaxPooling2D": (POOLING, ""),
    "AveragePooling2D": (POOLING, ""),
    "GlobalMaxPooling2D": (("keepdims",), ""),
    "GlobalAveragePooling2D": (("keepdims",), ""),
    "ZeroPadding2D": (("padding",), ""),
    "Rescaling": (("scale", "offset"), ""),
    "Flatten": ((), ""),
    "Reshape": (("target_shape",), ""),
    "Activation": (("activation",), ""),
    "ReLU": (("max_value", "negative_slope", "threshold"), ""),
    "LeakyReLU": (("negative_slope",), ""),
    "ELU": (("alpha",), ""),
    "Softmax": ((), ""),
}
PASSING = frozenset(  # layers that only act in training
    """InputLayer Dropout SpatialDropout2D AlphaDropout GaussianNoise GaussianDropout ActivityRegularization
    RandomTranslation RandomRotation RandomZoom RandomFlip RandomContrast RandomBrightness""".split()
)
LEFT_OUT = {"bias": "use_bias", "gamma": "scale", "beta": "center"}  # weights that a setting may do without


class NotComputable(Exception):
    """The page cannot compute this network. The message says what it holds."""


@dataclass(frozen=True)
class Weight:
    """An array float32, and what it is for: a kernel, a bias, or one of the four of a batch normalization."""

    role: str
    values: np.ndarray


@dataclass(frozen=True)
class Layer:
    """A layer as Keras names it, with the settings that decide what it computes."""

    type: str
    name: str
    settings: Settings = field(default_factory=dict)
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True)
class Network:
    """A chain of layers from a digit to ten numbers.

    Attributes:
        input: the shape that the first layer takes, without the batch: (28, 28), (28, 28, 1) or (784,).
        scale: what the levels of pixels, 0 to 255, are multiplied by before that.
        logits: whether the ten numbers become probabilities only through a softmax.
    """

    layers: tuple[Layer, ...]
    input: tuple[int, ...] = (784,)
    scale: float = 1 / 255
    logits: bool = False


def nearest_mean(means: np.ndarray, spread: float) -> Network:
    """The nearest of the class means, floats (10, 784) in 0..1, as a network.

    The squared distance to a mean m is x·x - 2 x·m + m·m. The first term is the same for all classes, so what remains
    is linear in x: one dense layer without any training. The probabilities are those of ten round clouds of points
    whose squared distances from their means have the average ``spread``.
    """
    dimensions = means.shape[1]
    variance = spread / dimensions
    kernel, bias = means.T / variance, -(means**2).sum(axis=1) / (2 * variance)
    return Network((dense("means", kernel, bias, "softmax"),))


def nearest_neighbors(images: np.ndarray, labels: np.ndarray, k: int = 3) -> Network:
    """The vote of the ``k`` nearest among stored digits, uint8 (n, 28, 28) with labels (n,), all at half size."""
    half = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255
    stored = Weight("kernel", half.astype(np.float32)), Weight("labels", labels.astype(np.float32))
    layers = (
        Layer("AveragePooling2D", "half_size", {"pool_size": 2}),
        Layer("Flatten", "flatten"),
        Layer("NearestNeighbors", "neighbors", {"k": k, "classes": 10}, stored),
    )
    return Network(layers, (28, 28, 1))


def dense(name: str, kernel: np.ndarray, bias: np.ndarray, activation: str) -> Layer:
    weights = Weight("kernel", kernel.astype(np.float32)), Weight("bias", bias.astype(np.float32))
    return Layer("Dense", name, {"units": kernel.shape[1], "activation": activation}, weights)


def of_keras(model: Any) -> Network:
    """A Keras model whose pixels are in 0..1, unless it scales them itself.

    Raises:
        NotComputable: it has something in it that the page does not know.
    """
    try:
        architecture = json.loads(model.to_json())
    except (NotImplementedError, TypeError, ValueError):  # a subclass without a description
        raise NotComputable("a model that does not describe itself") from None
    layers = layers_of(architecture, model.get_weights())
    return Network(layers, tuple(model.input_shape[1:]), scale_of(model), not ends_in_softmax(layers))


def scale_of(model: Any) -> float:
    """What a Keras model wants the levels of pixels to be multiplied by: nothing if it rescales them itself."""
    return 1.0 if any(type(layer).__name__ == "Rescaling" for layer in model.layers) else 1 / 255


def ends_in_softmax(layers: tuple[Layer, ...]) -> bool:
    return layers[-1].type in {"Softmax", "NearestNeighbors"} or layers[-1].settings.get("activation") == "softmax"


def layers_of(architecture: Settings, weights: list[np.ndarray]) -> tuple[Layer, ...]:
    """The layers of a Keras model.

    Args:
        architecture: ``{"class_name": "Sequential" or "Functional", "config": model.get_config()}``.
        weights: ``model.get_weights()``.

    Raises:
        NotComputable: it is no chain of layers, or has a layer or a setting that the page does not know.
    """
    rest = iter(weights)
    try:
        layers = tuple(layer_of(kind, config, rest) for kind, config in chain(architecture))
    except (KeyError, TypeError, AttributeError, IndexError):
        raise NotComputable("a description that Keras does not write") from None
    if next(rest, None) is not None:
        raise NotComputable("more weights than its layers have")
    return layers


def chain(architecture: Settings) -> Iterator[tuple[str, Settings]]:
    """The class and the configuration of each layer, with models inside a model opened up."""
    kind, config = architecture["class_name"], architecture["config"]
    if kind not in {"Sequential", "Functional"}:
        raise NotComputable(f"a model of class {kind}")
    before = None
    for layer in config["layers"]:
        if kind == "Functional" and before is not None:
            check_follows(layer, before)
        before = layer["name"] if kind == "Functional" else None
        if layer["class_name"] in {"Sequential", "Functional"}:
            yield from chain(layer)
        elif layer["class_name"] not in PASSING:
            yield layer["class_name"], layer["config"]


def check_follows(layer: Settings, before: str) -> None:
    """Check that a layer of a functional model takes the output of the layer before it, and nothing else."""
    (node,) = layer["inbound_nodes"] if len(layer["inbound_nodes"]) == 1 else (None,)
    sources = (
        [argument["config"]["keras_history"][0] for argument in node["args"] if is_tensor(argument)] if node else []
    )
    if node is None or sources != [before] or len(node["args"]) != 1:
        raise NotComputable("branches")


def is_tensor(argument: Any) -> bool:
    return isinstance(argument, dict) and argument.get("class_name") == "__keras_tensor__"


def layer_of(kind: str, config: Settings, weights: Iterator[np.ndarray]) -> Layer:
    if kind not in FORMS:
        raise NotComputable(f"a layer of type {kind}")
    names, roles = FORMS[kind]
    settings = {name: config[name] for name in names if config.get(name) is not None}
    check_settings(kind, config)
    present = [role for role in roles.split() if config.get(LEFT_OUT.get(role, ""), True)]
    try:
        arrays = tuple(Weight(role, np.asarray(next(weights), np.float32)) for role in present)
    except StopIteration:
        raise NotComputable("fewer weights than its layers have") from None
    return Layer(kind, str(config["name"]), settings, arrays)


def check_settings(kind: str, config: Settings) -> None:
    """Refuse a setting that changes what a layer computes and that the page does not know."""
    if config.get("activation", "linear") not in ACTIVATIONS:
        raise NotComputable(f"the activation {config['activation']}")
    if config.get("data_format", "channels_last") != "channels_last":
        raise NotComputable("channels that come first")
    if config.get("groups", 1) != 1:
        raise NotComputable("a convolution in groups")
    if kind == "BatchNormalization" and config["axis"] not in {-1, 3}:
        raise NotComputable("a batch normalization along another axis")
    if kind == "Rescaling" and not all(isinstance(config[name], (int, float)) for name in ("scale", "offset")):
        raise NotComputable("a rescaling by channel")

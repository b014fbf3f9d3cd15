"""Plain stacks of dense layers, computed with NumPy.

Most submissions of the first networks are one. TensorFlow takes longer to get ready for such a network than NumPy takes
for all its answers. Anything else, and anything that is asked of it besides its predictions, is left to Keras.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_INPUTS = 1_000_000  # numbers in one input

Step = Callable[[np.ndarray], np.ndarray]


class NotPlain(Exception):
    """The model holds something that only Keras knows."""


@dataclass(frozen=True)
class Stack:
    """A network: what goes in, and what happens to it one after the other."""

    shape: tuple[int, ...]  # of one input
    steps: tuple[Step, ...]

    def accepts(self, x: np.ndarray) -> bool:
        """Whether these inputs (n, …) have the form that the network was built for."""
        return x.shape[1:] == self.shape and x.dtype == np.float32

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Outputs float32 for inputs float32 (n, …), as Keras computes them up to rounding."""
        with np.errstate(all="ignore"):  # weights may be anything; infinities go on, as in Keras
            for step in self.steps:
                x = step(x)
        return x


def plain_stack(architecture: dict[str, Any], weights: Sequence[np.ndarray]) -> Stack | None:
    """The stack that an architecture describes, with these weights; None if it is more than that."""
    try:
        config = architecture["config"]
        first, *layers = config["layers"]
        if architecture["class_name"] == "Functional" and not is_chain(config):
            return None
        shape = input_shape(first)
        left = iter(weights)
        steps = tuple(step for layer in layers for step in steps_of(layer, left))
        if list(left) or math.prod(shape) > MOST_INPUTS:
            return None
        stack = Stack(shape, steps)
        stack.predict(np.zeros((1, *shape), np.float32))  # raises ValueError where one layer does not fit the next
        return stack
    except (NotPlain, AttributeError, KeyError, TypeError, ValueError):
        return None


def is_chain(config: dict[str, Any]) -> bool:
    """Whether each layer of a functional model gets the outputs of the one before, and nothing else."""
    layers = config["layers"]
    tensors = [[layer["config"]["name"], 0, 0] for layer in layers]
    fed = [
        [[tensor["config"]["keras_history"] for tensor in node["args"]], node["kwargs"]]
        for layer in layers[1:]
        for node in layer["inbound_nodes"]
    ]
    return (
        config["input_layers"] in (tensors[0], [tensors[0]])
        and config["output_layers"] in (tensors[-1], [tensors[-1]])
        and [len(layer["inbound_nodes"]) for layer in layers] == [0, *[1] * (len(layers) - 1)]
        and fed == [[[tensor], {}] for tensor in tensors[:-1]]
    )


def input_shape(layer: dict[str, Any]) -> tuple[int, ...]:
    """The shape of one input, which the first layer names."""
    config = layer["config"]
    free, *shape = config["batch_shape"]
    is_plain = layer["class_name"] == "InputLayer" and config["dtype"] == "float32" and not config["sparse"]
    if not is_plain or free is not None or not shape or not all(type(size) is int for size in shape):
        raise NotPlain
    return tuple(shape)


def steps_of(layer: dict[str, Any], weights: Iterator[np.ndarray]) -> Iterator[Step]:
    """What a layer does to its inputs; it takes its weights from those that are left."""
    config = layer["config"]
    if config["dtype"]["class_name"] != "DTypePolicy" or config["dtype"]["config"] != {"name": "float32"}:
        raise NotPlain
    match layer["class_name"]:
        case "Flatten":
            yield lambda x: x.reshape(len(x), -1)
        case "Reshape" if all(type(size) is int for size in config["target_shape"]):
            yield reshaped(config["target_shape"])
        case "Rescaling":
            yield scaled(number(config["scale"]), number(config["offset"]))
        case "Dense" if not config.get("quantization_config"):
            kernel = taken(weights)
            bias = taken(weights) if config["use_bias"] is True else np.zeros(kernel.shape[-1:], np.float32)
            if kernel.ndim != 2 or bias.shape != kernel.shape[1:] or kernel.shape[1] != config["units"]:
                raise NotPlain
            if kernel.dtype != np.float32 or bias.dtype != np.float32:
                raise NotPlain
            yield dense(kernel, bias)
            yield activation(config["activation"])
        case "Activation":
            yield activation(config["activation"])
        case "ReLU" if config["max_value"] is None and config["negative_slope"] == config["threshold"] == 0:
            yield relu
        case "Softmax" if config["axis"] == -1:
            yield softmax
        case "Dropout":
            return  # it only drops in training
        case _:
            raise NotPlain


def taken(weights: Iterator[np.ndarray]) -> np.ndarray:
    """The next of the weights that are left."""
    found = next(weights, None)
    if found is None:
        raise NotPlain
    return found


def number(value: Any) -> np.float32:
    """A setting that is a number."""
    if type(value) not in (int, float):
        raise NotPlain
    return np.float32(value)


def scaled(factor: np.float32, offset: np.float32) -> Step:
    """Times a factor, plus an offset."""
    return lambda x: x * factor + offset


def reshaped(shape: list[int]) -> Step:
    """Into another shape; one of its sizes may be -1."""
    return lambda x: x.reshape(len(x), *shape)


def dense(kernel: np.ndarray, bias: np.ndarray) -> Step:
    """Times a kernel (inputs, units), plus a bias (units,)."""
    return lambda x: x @ kernel + bias


def activation(name: Any) -> Step:
    """The function of this name."""
    try:
        return ACTIVATIONS[name]
    except (KeyError, TypeError):
        raise NotPlain from None


def relu(x: np.ndarray) -> np.ndarray:
    """No less than 0."""
    positive: np.ndarray = np.maximum(x, 0)
    return positive


def softmax(x: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), without an overflow."""
    powers = np.exp(-np.abs(x))
    shares: np.ndarray = np.where(x >= 0, np.float32(1), powers) / (1 + powers)
    return shares


ACTIVATIONS: dict[str, Step] = {
    "linear": lambda x: x,
    "relu": relu,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "tanh": np.tanh,
}

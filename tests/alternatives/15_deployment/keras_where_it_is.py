"""Imports Keras where it is there, for the types alone, and works in float64 with dataclasses."""

import json
from dataclasses import dataclass
from itertools import product

import numpy as np

try:
    from keras import layers as kl
except ImportError:  # on the server
    kl = None


def quantize(weights, per_channel=False):
    axis = tuple(range(weights.ndim - 1)) if per_channel else tuple(range(weights.ndim))
    top = np.maximum(weights.max(axis=axis), -weights.min(axis=axis))
    scale = np.divide(top, 127, out=np.ones_like(top), where=top != 0)
    return np.trunc(weights / scale + np.copysign(0.5, weights)).astype(np.int8), np.float32(scale)


def dequantize(levels, scales):
    return np.einsum("...c,c->...c", levels.astype(np.float32), np.broadcast_to(scales, levels.shape[-1:]))


def export_network(model, path):
    text, arrays = [], []
    for layer in model.layers:
        if isinstance(layer, kl.Dropout | kl.RandomTranslation):
            continue
        match layer:
            case kl.Conv2D(padding="valid", strides=(1, 1), dilation_rate=(1, 1), groups=1) | kl.Dense():
                activation = layer.activation.__name__
                if activation not in ("linear", "relu", "softmax"):
                    raise ValueError(f"{type(layer).__name__} may not have the activation {activation}")
                kernel, bias = layer.get_weights()
                arrays += [*quantize(kernel, True), bias]
                text.append((type(layer).__name__, activation))
            case kl.MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding="valid") | kl.Flatten():
                text.append((type(layer).__name__, "linear"))
            case _:
                raise ValueError(f"there is no way to write a {type(layer).__name__} like this one")
    with open(path, "wb") as file:
        np.save(file, np.array(json.dumps(text)))
        for array in arrays:
            np.save(file, array)


@dataclass
class Layer:
    kind: str
    activation: str
    kernel: np.ndarray | None = None
    bias: np.ndarray | None = None


def load_exported(path):
    network = []
    with open(path, "rb") as file:
        for kind, activation in json.loads(np.load(file).item()):
            layer = Layer(kind, activation)
            if kind in ("Conv2D", "Dense"):
                levels, scales = np.load(file), np.load(file)
                layer.kernel, layer.bias = dequantize(levels, scales).astype(float), np.load(file)
            network.append(layer)
    return network


def predict_exported(network, images):
    x = np.expand_dims(images, 3) / 255
    for layer in network:
        if layer.kind == "Conv2D":
            kh, kw, _, filters = layer.kernel.shape
            height, width = x.shape[1] - kh + 1, x.shape[2] - kw + 1
            x = layer.bias + sum(
                x[:, i : i + height, j : j + width] @ layer.kernel[i, j] for i, j in product(range(kh), range(kw))
            )
        elif layer.kind == "MaxPooling2D":
            x = np.stack([x[:, i::2, j::2][:, : x.shape[1] // 2, : x.shape[2] // 2] for i in (0, 1) for j in (0, 1)]).max(0)
        elif layer.kind == "Flatten":
            x = x.reshape(x.shape[0], -1)
        else:
            x = x.dot(layer.kernel) + layer.bias
        if layer.activation == "relu":
            x[x < 0] = 0
        if layer.activation == "softmax":
            x = np.exp(x - x.max(axis=1, keepdims=True))
            x /= x.sum(axis=1, keepdims=True)
    return x


def respond(body, network):
    problem, status, image = None, 400, None
    if len(body) > 20_000:
        problem, status = "A body has 20,000 bytes at most.", 413
    else:
        try:
            image = json.loads(body)
        except Exception:
            problem = "The body is no JSON."
    if problem is None:
        image = image.get("image") if isinstance(image, dict) else None
        try:
            pixels = bytes(pixel for row in image for pixel in row if pixel is not True and pixel is not False)
            if [len(row) for row in image] != 28 * [28] or not all(isinstance(row, list) for row in image):
                problem = "The image needs 28 rows of 28 pixels."
            elif len(pixels) != 784:
                problem = "true and false are no pixels."
        except (TypeError, ValueError, OverflowError):
            problem = "The image needs rows of bytes, 0 to 255."
    if problem:
        return status, {"error": problem}
    p = predict_exported(network, np.frombuffer(pixels, np.uint8).reshape(1, 28, 28)).ravel()
    return 200, dict(digit=int(np.argmax(p)), probabilities=p.tolist(), model="mine")

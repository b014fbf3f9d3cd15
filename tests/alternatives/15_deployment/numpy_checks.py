"""Lets NumPy check the pixels, and stores the network as a dict of arrays with an order of names."""

import json
import os

import numpy as np


def quantize(weights, per_channel=False):
    weights = np.array(weights, dtype=np.float64)
    axes = tuple(np.arange(weights.ndim - 1)) if per_channel else None
    scales = np.abs(weights).max(axis=axes, initial=0) / 127
    levels = np.zeros_like(weights)
    np.divide(weights, scales, out=levels, where=np.broadcast_to(scales > 0, weights.shape))
    scales = np.where(scales > 0, scales, 1)
    return levels.round().astype(np.int8), scales.astype(np.float32)


def dequantize(levels, scales):
    return np.asarray(levels, np.float32) * np.asarray(scales, np.float32)


def export_network(model, path):
    order, arrays = "", {}
    for layer in model.layers:
        kind = type(layer).__name__
        match kind, layer.get_config():
            case ("Dropout" | "RandomTranslation" | "InputLayer"), _:
                continue
            case "Conv2D", {"padding": "valid", "strides": (1, 1), "dilation_rate": (1, 1), "groups": 1, "activation": "relu" | "linear" as activation}:
                letter = "C"
            case "Dense", {"activation": "relu" | "linear" | "softmax" as activation}:
                letter = "D"
            case "MaxPooling2D", {"padding": "valid", "pool_size": (2, 2), "strides": (2, 2)}:
                letter, activation = "P", "linear"
            case "Flatten", _:
                letter, activation = "F", "linear"
            case _:
                raise ValueError(f"I do not know how to export this {kind}.")
        if letter in "CD":
            name = str(len(order) // 2)
            kernel, bias = layer.get_weights()
            (arrays["q" + name], arrays["s" + name]), arrays["b" + name] = quantize(kernel, per_channel=True), bias
        order += letter + activation[0]
    draft = path + ".part"
    with open(draft, "wb") as file:
        np.savez_compressed(file, order=order, **arrays)
    os.replace(draft, path)


def load_exported(path):
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def predict_exported(network, images):
    order = str(network["order"])
    x = np.asarray(images, np.float32)[..., np.newaxis] / 255
    for place in range(0, len(order), 2):
        letter, activation, name = order[place], order[place + 1], str(place // 2)
        if letter in "CD":
            kernel = dequantize(network["q" + name], network["s" + name])
        if letter == "C":
            windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:3], axis=(1, 2, 3))[:, :, :, 0]
            x = windows.reshape(*windows.shape[:3], -1) @ kernel.reshape(-1, kernel.shape[3]) + network["b" + name]
        elif letter == "D":
            x = x @ kernel + network["b" + name]
        elif letter == "P":
            rows, columns = x.shape[1] // 2, x.shape[2] // 2
            x = np.maximum.reduce([x[:, i : 2 * rows : 2, j : 2 * columns : 2] for i in (0, 1) for j in (0, 1)])
        else:
            x = x.reshape(len(x), -1)
        if activation == "r":
            x = np.maximum(x, 0)
        elif activation == "s":
            x = np.exp(x - x.max(axis=1)[:, np.newaxis])
            x = x / x.sum(axis=1)[:, np.newaxis]
    return x


def respond(body, network):
    if len(body) > 20000:
        return 413, {"error": "More than 20,000 bytes."}
    try:
        image = np.array(json.loads(body)["image"], dtype=object)
        kinds = {type(pixel) for pixel in image.ravel()}
    except Exception:
        return 400, {"error": 'A JSON object with an "image" is needed.'}
    if image.shape != (28, 28) or kinds != {int} or image.min() < 0 or image.max() > 255:
        return 400, {"error": "The image must be 28 rows of 28 whole numbers from 0 to 255."}
    (row,) = predict_exported(network, image.astype(np.uint8)[np.newaxis]).astype(float)
    return 200, {"digit": int(np.argmax(row)), "probabilities": row.tolist()}

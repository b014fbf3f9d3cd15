"""Follows more layers than the exercise asks for: strides, padding, other activations and poolings. Scales are float64,
and the network is a closure."""

import json

import numpy as np


def quantize(weights, per_channel=False):
    largest = np.max(np.abs(weights), axis=tuple(range(np.ndim(weights)))[:-1] if per_channel else None)
    scales = np.asarray(largest, float) / 127
    scales = np.where(scales > 0, scales, 1.0)
    return np.int8(np.rint(weights / scales)), scales


def dequantize(levels, scales):
    return (levels * scales).astype("float32")


def export_network(model, path):
    steps, arrays = [], {}
    for number, layer in enumerate(model.layers):
        kind = type(layer).__name__
        if kind.startswith(("Random", "Dropout", "GaussianNoise")):
            continue
        if kind not in {"Conv2D", "MaxPooling2D", "AveragePooling2D", "Flatten", "Dense", "ReLU"}:
            raise ValueError(f"{kind} is not exported yet")
        config = layer.get_config()
        if config.get("dilation_rate", (1, 1)) != (1, 1) or config.get("groups", 1) != 1:
            raise ValueError(f"{kind} with dilation or groups is not exported yet")
        step = {name: config[name] for name in ("strides", "padding", "pool_size", "activation") if name in config}
        if step.get("activation", "linear") not in ACTIVATIONS:
            raise ValueError(f"{kind} with the activation {config['activation']} is not exported yet")
        if kind == "ReLU":
            step["activation"] = "relu"
        if layer.get_weights():
            kernel, bias = layer.get_weights()
            arrays[f"k{number}"], arrays[f"s{number}"] = quantize(kernel, per_channel=True)
            arrays[f"b{number}"] = bias
        steps.append(step | {"kind": kind, "number": number})
    with open(path, "wb") as file:
        np.savez_compressed(file, steps=np.frombuffer(json.dumps(steps).encode(), np.uint8), **arrays)


ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": lambda x: np.exp(x - x.max(-1, keepdims=True)) / np.exp(x - x.max(-1, keepdims=True)).sum(-1, keepdims=True),
}


def load_exported(path):
    file = dict(np.load(path))
    steps = json.loads(file["steps"].tobytes())

    def run(images):
        x = images / 255
        for step in steps:
            number = step["number"]
            if step["kind"] == "Flatten":
                x = x.reshape(len(x), -1)
                continue
            if step["kind"] != "Dense" and x.ndim == 3:
                x = x[..., None]
            if step["kind"] in {"Conv2D", "Dense"}:
                kernel = dequantize(file[f"k{number}"], file[f"s{number}"])
                bias = file[f"b{number}"]
            if step["kind"] == "Conv2D":
                seen = windows(x, kernel.shape[:2], step["strides"], step["padding"], 0)
                x = np.tensordot(seen, kernel, axes=((4, 5, 3), (0, 1, 2))) + bias
            elif step["kind"] == "Dense":
                x = x @ kernel + bias
            elif step["kind"] == "MaxPooling2D":
                x = windows(x, step["pool_size"], step["strides"], step["padding"], -np.inf).max(axis=(4, 5))
            elif step["kind"] == "AveragePooling2D":
                x = windows(x, step["pool_size"], step["strides"], "valid", 0).mean(axis=(4, 5))
            x = ACTIVATIONS[step.get("activation", "linear")](x)
        return x

    return run


def windows(x, size, strides, padding, fill):
    if padding == "same":
        margins = []
        for axis in (0, 1):
            total = max((-(-x.shape[axis + 1] // strides[axis]) - 1) * strides[axis] + size[axis] - x.shape[axis + 1], 0)
            margins.append((total // 2, total - total // 2))
        x = np.pad(x, [(0, 0), *margins, (0, 0)], constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(x, tuple(size), axis=(1, 2))
    return view[:, :: strides[0], :: strides[1]]


def predict_exported(network, images):
    return network(images)


def respond(body, network):
    if len(body) > 20_000:
        return 413, {"error": "That is too much."}
    try:
        request = json.loads(bytes(body).decode("utf-8"), parse_constant=refuse)
        pixels = request["image"]
        if len(pixels) != 28 or not all(isinstance(row, list) and len(row) == 28 for row in pixels):
            raise ValueError("28 rows of 28 pixels are needed")
        if not all(type(pixel) is int and 0 <= pixel < 256 for row in pixels for pixel in row):
            raise ValueError("pixels are integers from 0 to 255")
        image = np.array(pixels, dtype=np.int64).reshape(1, 28, 28)
    except KeyError:
        return 400, {"error": 'The key "image" is missing.'}
    except Exception as problem:
        return 400, {"error": f"Not a request that I understand ({type(problem).__name__})."}
    row = network(image)[0]
    return 200, {"digit": int(row.argmax()), "probabilities": row.tolist()}


def refuse(text):
    raise ValueError(text + " is no number")

# diagnosis: length-crashes
# checks: bad_requests

import json

import numpy as np


def quantize(weights, per_channel=False):
    if per_channel:
        largest = np.abs(weights).max(axis=tuple(range(weights.ndim - 1)))
    else:
        largest = np.abs(weights).max()
    scales = np.where(largest == 0, 1, largest / 127).astype(np.float32)
    levels = np.rint(weights / scales).clip(-127, 127).astype(np.int8)
    return levels, scales


def dequantize(levels, scales):
    return levels.astype(np.float32) * scales


TRAINING_ONLY = ("Dropout", "RandomTranslation")


def export_network(model, path):
    arrays = {}
    kinds = []
    for layer in model.layers:
        kind = layer.__class__.__name__
        if kind in TRAINING_ONLY:
            continue
        check_layer(layer, kind)
        activation = ""
        if kind in ("Conv2D", "Dense"):
            kernel, bias = layer.get_weights()
            levels, scales = quantize(kernel, per_channel=True)
            arrays[f"levels_{len(kinds)}"] = levels
            arrays[f"scales_{len(kinds)}"] = scales
            arrays[f"bias_{len(kinds)}"] = bias
            activation = layer.activation.__name__
        kinds.append(kind + " " + activation)
    np.savez(path, kinds=np.array(kinds), **arrays)


def check_layer(layer, kind):
    if kind not in ("Conv2D", "MaxPooling2D", "Flatten", "Dense"):
        raise ValueError(f"cannot export a {kind} layer")
    settings = layer.get_config()
    if kind in ("Conv2D", "Dense") and settings["activation"] not in ("linear", "relu", "softmax"):
        raise ValueError(f"cannot export a {kind} layer with activation {settings['activation']}")
    if kind == "Conv2D" and (settings["padding"] != "valid" or tuple(settings["strides"]) != (1, 1)):
        raise ValueError("cannot export a Conv2D layer with padding or strides")
    if kind == "Conv2D" and (tuple(settings["dilation_rate"]) != (1, 1) or settings["groups"] != 1):
        raise ValueError("cannot export a Conv2D layer with dilation or groups")
    if kind == "MaxPooling2D" and (settings["pool_size"], settings["strides"]) != ((2, 2), (2, 2)):
        raise ValueError("cannot export a MaxPooling2D layer of another size")
    if kind == "MaxPooling2D" and settings["padding"] != "valid":
        raise ValueError("cannot export a MaxPooling2D layer of another size")


def load_exported(path):
    network = []
    with np.load(path) as file:
        for i, text in enumerate(file["kinds"]):
            kind, activation = str(text).split(" ")
            layer = {"kind": kind, "activation": activation}
            if kind in ("Conv2D", "Dense"):
                layer["kernel"] = dequantize(file[f"levels_{i}"], file[f"scales_{i}"])
                layer["bias"] = file[f"bias_{i}"]
            network.append(layer)
    return network


def predict_exported(network, images):
    x = images.astype(np.float32)[:, :, :, None] / 255
    for layer in network:
        if layer["kind"] == "Conv2D":
            x = conv(x, layer["kernel"]) + layer["bias"]
        if layer["kind"] == "MaxPooling2D":
            x = pool(x)
        if layer["kind"] == "Flatten":
            x = x.reshape(len(x), -1)
        if layer["kind"] == "Dense":
            x = x @ layer["kernel"] + layer["bias"]
        if layer["activation"] == "relu":
            x = np.maximum(x, 0)
        if layer["activation"] == "softmax":
            x = softmax(x)
    return x


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def conv(x, kernel):
    rows, columns, _, filters = kernel.shape
    height, width = x.shape[1] - rows + 1, x.shape[2] - columns + 1
    out = np.zeros((len(x), height, width, filters), np.float32)
    for i in range(rows):
        for j in range(columns):
            out += x[:, i : i + height, j : j + width] @ kernel[i, j]
    return out


def pool(x):
    h, w = x.shape[1] // 2 * 2, x.shape[2] // 2 * 2
    x = x[:, :h, :w]
    return np.maximum(
        np.maximum(x[:, ::2, ::2], x[:, 1::2, ::2]), np.maximum(x[:, ::2, 1::2], x[:, 1::2, 1::2])
    )


def respond(body, network):
    assert len(body) <= 20000
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return 400, {"error": "This is not JSON."}
    if not isinstance(request, dict) or "image" not in request:
        return 400, {"error": "There is no image in the request."}
    rows = request["image"]
    if not isinstance(rows, list) or len(rows) != 28:
        return 400, {"error": "An image has 28 rows."}
    for row in rows:
        if not isinstance(row, list) or len(row) != 28:
            return 400, {"error": "A row has 28 pixels."}
        for pixel in row:
            if type(pixel) is not int or pixel < 0 or pixel > 255:
                return 400, {"error": "A pixel is a whole number from 0 to 255."}
    probabilities = predict_exported(network, np.array([rows], dtype=np.uint8))[0]
    return 200, {"digit": int(np.argmax(probabilities)), "probabilities": probabilities.tolist()}

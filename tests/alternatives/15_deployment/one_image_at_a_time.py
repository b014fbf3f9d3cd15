"""As a beginner would write it: one image after another, and loops over the positions of a kernel."""

import json

import numpy as np


def quantize(weights, per_channel=False):
    if not per_channel:
        biggest = float(abs(weights).max())
        scale = biggest / 127 if biggest > 0 else 1.0
        return (weights / scale).round().astype("int8"), np.float32(scale)
    levels = np.zeros(weights.shape, np.int8)
    scales = np.zeros(weights.shape[-1], np.float32)
    for channel in range(weights.shape[-1]):
        levels[..., channel], scales[channel] = quantize(weights[..., channel])
    return levels, scales


def dequantize(levels, scales):
    result = np.zeros(levels.shape, np.float32)
    result[...] = levels
    result *= scales
    return result


def export_network(model, path):
    layers = []
    for layer in model.layers:
        name = type(layer).__name__
        if name == "Dropout" or name == "RandomTranslation":
            continue
        if name == "Conv2D":
            if layer.padding != "valid" or layer.strides != (1, 1) or layer.dilation_rate != (1, 1) or layer.groups > 1:
                raise ValueError("Conv2D: only padding valid and strides 1")
        elif name == "MaxPooling2D":
            if layer.pool_size != (2, 2) or layer.strides != (2, 2) or layer.padding != "valid":
                raise ValueError("MaxPooling2D: only 2x2")
        elif name != "Flatten" and name != "Dense":
            raise ValueError("cannot export " + name)
        entry = {"name": name}
        if name == "Conv2D" or name == "Dense":
            if layer.activation.__name__ not in ["relu", "linear", "softmax"]:
                raise ValueError(name + ": activation " + layer.activation.__name__)
            entry["activation"] = layer.activation.__name__
            kernel, bias = layer.get_weights()
            entry["shape"] = list(kernel.shape)
            levels, scales = quantize(kernel, per_channel=True)
            entry["raw"] = [levels, scales, bias]
        layers.append(entry)
    arrays = {}
    for number, entry in enumerate(layers):
        raw = entry.pop("raw", None)
        if raw is not None:
            arrays["levels" + str(number)] = raw[0]
            arrays["floats" + str(number)] = np.array(raw[1:])
    np.savez(path, layers=np.bytes_(json.dumps(layers)), **arrays)


def load_exported(path):
    file = np.load(path)
    layers = json.loads(bytes(file["layers"]))
    for number, layer in enumerate(layers):
        if "shape" in layer:
            scales, layer["bias"] = file["floats" + str(number)]
            layer["kernel"] = dequantize(file["levels" + str(number)], scales)
    return {"layers": layers}


def predict_exported(network, images):
    return np.array([predict_one(network, image / 255) for image in images])


def predict_one(network, values):
    for layer in network["layers"]:
        if layer["name"] == "Conv2D":
            values = convolve(values.reshape(*values.shape[:2], -1), layer["kernel"]) + layer["bias"]
        if layer["name"] == "MaxPooling2D":
            rows, columns = values.shape[0] // 2, values.shape[1] // 2
            new = np.full((rows, columns, values.shape[2]), -np.inf)
            for i in range(2):
                for j in range(2):
                    new = np.maximum(new, values[i : 2 * rows : 2, j : 2 * columns : 2])
            values = new
        if layer["name"] == "Flatten":
            values = values.flatten()
        if layer["name"] == "Dense":
            values = np.dot(values, layer["kernel"]) + layer["bias"]
        if layer.get("activation") == "relu":
            values = np.maximum(0, values)
        if layer.get("activation") == "softmax":
            values = np.exp(values - max(values))
            values = values / sum(values)
    return values


def convolve(image, kernel):
    rows, columns, _, filters = kernel.shape
    out = np.zeros((image.shape[0] - rows + 1, image.shape[1] - columns + 1, filters))
    for i in range(rows):
        for j in range(columns):
            out += np.dot(image[i : i + out.shape[0], j : j + out.shape[1]], kernel[i, j])
    return out


def respond(body, network):
    if len(body) > 20000:
        return 413, {"error": "The request is too long."}
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return 400, {"error": "I can only read JSON."}
    if type(request) != dict or "image" not in request:
        return 400, {"error": "The image is missing."}
    image = request["image"]
    if type(image) != list or len(image) != 28:
        return 400, {"error": "The image must have 28 rows."}
    for row in image:
        if type(row) != list or len(row) != 28:
            return 400, {"error": "Every row must have 28 pixels."}
        for pixel in row:
            if type(pixel) != int or pixel < 0 or pixel > 255:
                return 400, {"error": "Every pixel must be a whole number from 0 to 255."}
    probabilities = predict_exported(network, np.array([image]))[0]
    digit = 0
    for label in range(10):
        if probabilities[label] > probabilities[digit]:
            digit = label
    return 200, {"digit": digit, "probabilities": list(map(float, probabilities))}

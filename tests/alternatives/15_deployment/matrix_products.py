"""Convolutions as matrix products (im2col), kernels stored as matrices, the levels kept until they are needed."""

import io
import json
import zipfile

import numpy as np


def quantize(weights, per_channel=False):
    magnitude = np.abs(weights)
    peaks = magnitude.reshape(-1, magnitude.shape[-1]).max(axis=0) if per_channel else magnitude.max()
    scales = np.float32(peaks) / np.float32(127)
    scales = scales + np.float32(1) * (scales == 0)
    return np.asarray(np.around(weights / scales), np.int8), np.asarray(scales, np.float32)


def dequantize(levels, scales):
    return np.float32(levels) * np.float32(scales)


FIXED = {
    "Conv2D": {"padding": {"valid"}, "strides": {1}, "dilation_rate": {1}, "groups": {1}},
    "MaxPooling2D": {"padding": {"valid"}, "pool_size": {2}, "strides": {2}},
    "Dense": {},
    "Flatten": {},
}


def export_network(model, path):
    plan = []
    written = io.BytesIO()  # a network that is refused halfway leaves no file
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name, array):
            buffer = io.BytesIO()
            np.save(buffer, array)
            archive.writestr(name, buffer.getvalue())

        for layer in model.layers:
            kind = type(layer).__name__
            if kind in {"Dropout", "RandomTranslation"}:
                continue
            config = layer.get_config()
            good = kind in FIXED and all(set(np.ravel(config[name]).tolist()) == only for name, only in FIXED[kind].items())
            if not good or config.get("activation") not in {None, "linear", "relu", "softmax"}:
                raise ValueError(f"{layer.name}: this {kind} is not supported")
            if layer.weights:
                kernel, bias = map(np.array, layer.weights)
                levels, scales = quantize(kernel.reshape(-1, kernel.shape[-1]), per_channel=True)
                put(f"{len(plan)}.levels", levels)
                put(f"{len(plan)}.scales", scales)
                put(f"{len(plan)}.bias", bias)
                plan.append([kind, config["activation"], list(kernel.shape[:2])])
            else:
                plan.append([kind, "linear", []])
        archive.writestr("plan.json", json.dumps(plan))
    with open(path, "wb") as file:
        file.write(written.getvalue())


def load_exported(path):
    with zipfile.ZipFile(path) as archive:
        arrays = {name: archive.read(name) for name in archive.namelist()}
    plan = json.loads(arrays.pop("plan.json"))
    return tuple(plan), {name: np.load(io.BytesIO(data)) for name, data in arrays.items()}


def predict_exported(network, images):
    plan, arrays = network
    out = images[..., None].astype("float32") / 255
    for number, (kind, activation, size) in enumerate(plan):
        if kind in {"Conv2D", "Dense"}:
            matrix = dequantize(arrays[f"{number}.levels"], arrays[f"{number}.scales"])
        if kind == "Conv2D":
            rows, columns = size
            n, height, width, _ = out.shape
            height, width = height - rows + 1, width - columns + 1
            patches = [out[:, i : i + height, j : j + width] for i in range(rows) for j in range(columns)]
            out = np.concatenate(patches, axis=3).reshape(n * height * width, -1) @ matrix
            out = (out + arrays[f"{number}.bias"]).reshape(n, height, width, -1)
        elif kind == "Dense":
            out = out.reshape(len(out), -1) @ matrix + arrays[f"{number}.bias"]
        elif kind == "MaxPooling2D":
            n, height, width, channels = out.shape
            out = out[:, : height - height % 2, : width - width % 2]
            out = out.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=4).max(axis=2)
        out = {"relu": lambda x: x.clip(0), "softmax": by_softmax, "linear": lambda x: x}[activation](out)
    return out.reshape(len(images), 10)


def by_softmax(x):
    x = np.exp(x - x.max(1)[:, None])
    return x / x.sum(1)[:, None]


def respond(body, network):
    try:
        return 200, answer_to(body, network)
    except TooLong as problem:
        return 413, {"error": str(problem)}
    except Bad as problem:
        return 400, {"error": str(problem)}


class Bad(Exception):
    pass


class TooLong(Exception):
    pass


def answer_to(body, network):
    if len(body) > 20000:
        raise TooLong("At most 20,000 bytes, please.")
    if b"[[[" in body.replace(b" ", b"").replace(b"\n", b"") or body.count(b"[") > 40:
        raise Bad("Too many lists.")
    try:
        data = json.loads(body)
    except ValueError:
        raise Bad("JSON expected.") from None
    image = data.get("image") if type(data) is dict else None
    if type(image) is not list or any(type(row) is not list for row in image):
        raise Bad("A list of lists expected.")
    if [len(row) for row in image] != [28] * 28:
        raise Bad("28 rows of 28 pixels expected.")
    if {type(pixel) for row in image for pixel in row} - {int}:
        raise Bad("Whole numbers expected.")
    if min(map(min, image)) < 0 or max(map(max, image)) > 255:
        raise Bad("Pixels from 0 to 255 expected.")
    probabilities = predict_exported(network, np.array(image, "uint8").reshape(1, 28, 28))[0]
    return {"digit": probabilities.tolist().index(probabilities.max()), "probabilities": probabilities.tolist()}

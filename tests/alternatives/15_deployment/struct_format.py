"""An own binary format: a line of JSON, then the bytes of the arrays, one after another."""

import json

import numpy as np


def quantize(weights, per_channel=False):
    weights = np.asarray(weights, np.float64)
    flat = weights.reshape(-1, weights.shape[-1]) if per_channel else weights.reshape(-1, 1)
    scales = np.ones(flat.shape[1], np.float32)
    for channel in range(flat.shape[1]):
        peak = max(flat[:, channel].max(), -flat[:, channel].min())
        if peak:
            scales[channel] = peak / 127
    steps = flat / scales
    levels = (np.sign(steps) * np.floor(np.abs(steps) + 0.5)).astype(np.int8).reshape(weights.shape)
    return (levels, scales) if per_channel else (levels, scales[0])


def dequantize(levels, scales):
    return np.multiply(levels, scales, dtype=np.float32)


def export_network(model, path):
    import keras

    head, blocks = [], []
    for layer in model.layers:
        if isinstance(layer, (keras.layers.Dropout, keras.layers.RandomTranslation)):
            continue
        plain = (layer.padding, layer.strides, layer.dilation_rate, layer.groups) if isinstance(layer, keras.layers.Conv2D) else ()
        if plain == ("valid", (1, 1), (1, 1), 1):
            step = "conv"
        elif isinstance(layer, keras.layers.MaxPooling2D) and (layer.pool_size, layer.strides, layer.padding) == (
            (2, 2),
            (2, 2),
            "valid",
        ):
            step = "pool"
        elif isinstance(layer, keras.layers.Flatten):
            step = "flat"
        elif isinstance(layer, keras.layers.Dense):
            step = "dense"
        else:
            raise ValueError("no way to export " + repr(type(layer)) + " as it is set here")
        entry = {"step": step}
        if step in ("conv", "dense"):
            name = keras.activations.serialize(layer.activation)
            if name not in ("relu", "softmax", "linear"):
                raise ValueError(f"{type(layer).__name__}: activation {name}")
            entry["activation"] = name
            kernel, bias = layer.get_weights()
            levels, scales = quantize(kernel, True)
            entry["shape"] = kernel.shape
            blocks += [levels.tobytes(), scales.tobytes(), bias.astype("<f4").tobytes()]
        head.append(entry)
    with open(path, "wb") as file:
        file.write(json.dumps(head).encode() + b"\n" + b"".join(blocks))


class Net:
    def __init__(self, head, blocks):
        self.steps = []
        place = 0
        for entry in head:
            if "shape" in entry:
                shape = entry["shape"]
                size, channels = int(np.prod(shape)), shape[-1]
                levels = np.frombuffer(blocks, np.int8, size, place).reshape(shape)
                scales = np.frombuffer(blocks[place + size :], np.float32, channels)
                bias = np.frombuffer(blocks[place + size + 4 * channels :], np.float32, channels)
                place += size + 8 * channels
                self.steps.append((entry["step"], entry["activation"], dequantize(levels, scales), bias))
            else:
                self.steps.append((entry["step"], "linear", None, None))


def load_exported(path):
    with open(path, "rb") as file:
        head, blocks = file.read().split(b"\n", 1)
    return Net(json.loads(head), blocks)


def predict_exported(network, images):
    values = (images / 255.0).reshape(-1, 28, 28, 1)
    for step, activation, kernel, bias in network.steps:
        if step == "conv":
            size = kernel.shape[0]
            windows = np.lib.stride_tricks.sliding_window_view(values, (size, kernel.shape[1]), axis=(1, 2))
            values = np.einsum("nhwcij,ijco->nhwo", windows, kernel, optimize=True) + bias
        elif step == "pool":
            windows = np.lib.stride_tricks.sliding_window_view(values, (2, 2), axis=(1, 2))
            values = windows[:, ::2, ::2].max(axis=(-1, -2))
        elif step == "flat":
            values = values.reshape(len(values), -1)
        else:
            values = values.reshape(len(values), -1) @ kernel + bias
        if activation == "relu":
            values = values * (values > 0)
        elif activation == "softmax":
            values = np.exp(values - np.logaddexp.reduce(values, axis=1, keepdims=True))
    return values


def respond(body, network):
    if len(body) > 20_000:
        return 413, {"error": "Too long: 20,000 bytes are enough."}
    try:
        pixels = json.loads(body)["image"]
        assert type(pixels) is list and len(pixels) == 28
        for line in pixels:
            assert type(line) is list and len(line) == 28
            assert all(type(number) is int and number in range(256) for number in line)
    except Exception:
        return 400, {"error": 'Please send {"image": 28 lists of 28 integers between 0 and 255}.'}
    answer = predict_exported(network, np.array(pixels)[None])[0]
    return 200, {"digit": answer.argmax().item(), "probabilities": [float(number) for number in answer]}

# %% [markdown]
# # Deployment: off your laptop
#
# A trained network is useful where people are, and TensorFlow usually isn't there. You round the weights to 8 bits, put
# the network into one small file, run it with NumPy alone, and answer requests from strangers. The lesson that goes
# with this exercise is `lessons/15_deployment.md`. Fill in each function where it says `YOUR CODE HERE`, then run
# `./digits check deployment`.
#
# Only `export_network` runs where Keras is installed. The checks also load this file in a process in which nothing but
# NumPy and the standard library can be imported, as on a small server. So don't import anything else at the top.

# %%
import json

import numpy as np

# %% [markdown]
# ## Eight bits instead of thirty-two


# %%
def quantize(weights, per_channel=False):
    """Round weights to 8-bit levels, and say how large one step is.

    Args:
        weights: floats of any shape, as in Keras: the kernel of a dense layer is (inputs, units), that of a convolution
            (rows, columns, channels in, filters). Must not be changed.
        per_channel: False for one scale for all weights; True for one scale per unit or filter, that is, one for each
            index of the last axis.

    Returns:
        `(levels, scales)`. The levels are int8 in -127..127, in the shape of the weights. The scales are floats, of
        shape () or (length of the last axis,). A scale is the largest absolute value divided by 127, and every weight
        gets the nearest level, so `levels * scales` is off by half a step at most. Where all the weights that share a
        scale are 0, the levels are 0 and the scale is 1.

    >>> quantize(np.array([0.5, -1.0, 0.0]))
    (array([  64, -127,    0], dtype=int8), np.float32(0.007874016))
    """
    ### BEGIN SOLUTION
    axes = tuple(range(np.ndim(weights) - 1)) if per_channel else None
    largest = np.abs(weights).max(axis=axes)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)[()]
    # Round first, convert afterwards: the conversion alone cuts off, and beyond 127 it starts again at -128.
    levels = np.clip(np.round(weights / scales), -127, 127).astype(np.int8)
    return levels, scales
    ### END SOLUTION


# %%
def dequantize(levels, scales):
    """The inverse of `quantize`, up to rounding.

    Args:
        levels: int8 of any shape. Must not be changed.
        scales: float32 of shape () or (length of the last axis,).

    Returns:
        The weights, float32, in the shape of the levels.

    >>> dequantize(np.array([64, -127, 0], np.int8), np.float32(0.01))
    array([ 0.64, -1.27,  0.  ], dtype=float32)
    """
    ### BEGIN SOLUTION
    return levels.astype(np.float32) * scales
    ### END SOLUTION


# %% [markdown]
# ## One file, without Keras


# %%
def export_network(model, path):
    """Write everything that is needed to run a trained network into one file.

    Args:
        model: a trained Keras model: a chain of `Conv2D`, `MaxPooling2D`, `Flatten` and `Dense` layers (`Dense` only
            after `Flatten`) that takes floats in 0..1, (n, 28, 28, 1) or (n, 28, 28), and returns the probabilities of
            ten classes. Its convolutions have stride 1, padding "valid", no dilation and one group; its max pooling
            layers have 2×2 windows, stride 2 and padding "valid"; its activations are "linear", "relu" and "softmax".
            All `Conv2D` and `Dense` layers have biases. The model may also contain layers that act only in training:
            `Dropout` and `RandomTranslation`. Leave them out of the file.
        path: where to write the file, a string that ends in `.npz`. An existing file is replaced.

    Store the kernels as the levels and scales that your `quantize` returns, with a scale for each unit or filter. How
    you arrange them in the file is up to you. The biases stay float32, because there are few of them. For a network
    with 50,000 parameters or more, the file takes at most 27% of the bytes that all its parameters take as float32.
    Nothing in the file is pickled.

    Raises:
        ValueError: a layer is of another kind, or has other settings, such as padding "same" or the activation "tanh".
            The message names the layer's class, and no file is written. Never write a file that would give other
            answers than the model.
    """
    ### BEGIN SOLUTION
    steps, arrays = [], {}
    for layer in model.layers:
        kind, settings = type(layer).__name__, layer.get_config()
        if kind in {"InputLayer", "Dropout", "RandomTranslation"}:
            continue  # outside of training, they pass on what they get
        activation = settings.get("activation", "linear")
        is_followed = kind in FOLLOWED and FOLLOWED[kind].items() <= settings.items()
        if not is_followed or activation not in {"linear", "relu", "softmax"}:
            raise ValueError(f"{kind} cannot be exported, or not with the settings of this layer ({layer.name}).")
        if layer.weights:
            number = len(steps)
            kernel, arrays[f"bias{number}"] = layer.get_weights()
            arrays[f"levels{number}"], arrays[f"scales{number}"] = quantize(kernel, per_channel=True)
        steps.append({"kind": kind, "activation": activation})
    # An array of characters is written as it is. An array of Python objects would be pickled.
    np.savez_compressed(path, steps=np.array(json.dumps(steps)), **arrays)


FOLLOWED = {  # the layers that predict_exported can compute, and the settings that it takes for granted
    "Conv2D": {"strides": (1, 1), "padding": "valid", "dilation_rate": (1, 1), "groups": 1},
    "MaxPooling2D": {"pool_size": (2, 2), "strides": (2, 2), "padding": "valid"},
    "Flatten": {},
    "Dense": {},
}
### END SOLUTION


# %%
def load_exported(path):
    """Read what `export_network` wrote. Nothing but NumPy and the standard library can be imported where this runs.

    Args:
        path: where the file is.

    Returns:
        Whatever your `predict_exported` needs. The file may be gone by then.
    """
    ### BEGIN SOLUTION
    with np.load(path, allow_pickle=False) as file:
        steps = json.loads(str(file["steps"]))
        for number, step in enumerate(steps):
            if f"levels{number}" in file:
                step["kernel"] = dequantize(file[f"levels{number}"], file[f"scales{number}"])
                step["bias"] = file[f"bias{number}"]
    return steps
    ### END SOLUTION


# %%
def predict_exported(network, images):
    """Run an exported network with NumPy alone.

    Args:
        network: what `load_exported` returned. Must not be changed: the next images need it, too.
        images: *raw* uint8 (n, 28, 28) in 0..255. Must not be changed. The model itself takes pixels in 0..1.

    Returns:
        Probabilities, float (n, 10): those of the Keras model, except for what rounding its kernels has changed. On
        unseen digits, that costs at most 0.2 points of accuracy. Read at least 100 images a second: a loop over the
        images is fine, a loop over the pixels is too slow.
    """
    ### BEGIN SOLUTION
    values = images[..., np.newaxis] / np.float32(255)
    for step in network:
        if step["kind"] == "Conv2D":
            values = _convolved(values, step["kernel"]) + step["bias"]
        elif step["kind"] == "MaxPooling2D":
            values = _pooled(values)
        elif step["kind"] == "Flatten":
            values = values.reshape(len(values), -1)
        else:
            values = values @ step["kernel"] + step["bias"]
        values = _activated(values, step["activation"])
    return values


def _convolved(images, kernels):
    """(n, h, w, c) and (rows, columns, c, filters) to (n, h - rows + 1, w - columns + 1, filters)."""
    windows = np.lib.stride_tricks.sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    # The windows are (n, h', w', c, rows, columns). One product of large matrices is much faster than einsum.
    return np.tensordot(windows, kernels, axes=((4, 5, 3), (0, 1, 2)))


def _pooled(images):
    """The largest of each 2×2: (n, h, w, c) to (n, h // 2, w // 2, c). An odd last row or column is left out."""
    n, height, width, channels = images.shape
    even = images[:, : height // 2 * 2, : width // 2 * 2]
    return even.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


def _activated(values, activation):
    """The values after an activation, which acts on the last axis."""
    if activation == "relu":
        return np.maximum(values, 0)
    if activation == "softmax":
        powers = np.exp(values - values.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)
    return values
    ### END SOLUTION


# %% [markdown]
# ## Strangers ask


# %%
def respond(body, network):
    """Answer one request to a digit recognizer.

    Args:
        body: the bytes that somebody has sent. A good body is JSON like `{"image": [[0, 0, ...], ...]}`: 28 lists of 28
            whole numbers in 0..255, with bright ink on black. Numbers in quotation marks and `true` are no numbers.
            People may send anything.
        network: what `load_exported` returned.

    Returns:
        `(status, answer)`. For a good request, the status is 200, and the answer is a dict with `"digit"`, an integer,
        and `"probabilities"`, a list of ten floats, not rounded. For any other body, the status is 400, or 413 if the
        body has more than 20,000 bytes, and the answer is `{"error": sentence}`, a text that tells the sender what is
        wrong or what to send. `json.dumps(answer)` must work in both cases. Whatever the body is, the function returns
        and never raises an exception.

    >>> status, answer = respond(b"hello", network=None)
    >>> status
    400
    """
    ### BEGIN SOLUTION
    if len(body) > 20_000:  # before anything else looks at it
        return 413, {"error": "The body has more than 20,000 bytes. Send one image of 28×28 pixels."}
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number of 5,000 digits; lists within lists within lists
        return 400, {"error": "The body is not JSON."}
    rows = request.get("image") if isinstance(request, dict) else None
    if not _is_image(rows):
        return 400, {"error": 'Send {"image": ...} with 28 lists of 28 whole numbers from 0 to 255.'}
    (probabilities,) = predict_exported(network, np.array([rows], np.uint8))
    # json knows Python's numbers, not NumPy's: tolist and int convert them.
    return 200, {"digit": int(probabilities.argmax()), "probabilities": probabilities.tolist()}


def _is_image(rows):
    """True for 28 lists of 28 whole numbers in 0..255."""
    has_size = isinstance(rows, list) and len(rows) == 28
    return has_size and all(
        # type, not isinstance: for Python, True is an int.
        isinstance(row, list) and len(row) == 28 and all(type(pixel) is int and 0 <= pixel <= 255 for pixel in row)
        for row in rows
    )
    ### END SOLUTION

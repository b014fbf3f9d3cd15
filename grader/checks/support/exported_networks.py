"""Networks that the checks of exercise 15 make and let learners export."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.support.inference import ACTIVATIONS, LARGEST, RIGHT, Layers, Network, Weights


def exact_kernel(probe, *shape: int, spread: int = 3) -> np.ndarray:
    """A kernel float32 that `quantize` does not change with a scale for each channel: whole multiples of a power of two
    that differs from channel to channel, with 127 or -127 in each."""
    levels = np.clip(np.round(probe.normal(*shape, scale=45)), -LARGEST, LARGEST)
    flat = levels.reshape(-1, shape[-1])
    flat[probe.rng.integers(len(flat)), :] = LARGEST * probe.rng.choice([-1, 1], shape[-1])
    inputs = flat.shape[0]
    scale = 2.0 ** np.round(np.log2(1.3 / (45 * np.sqrt(inputs))))
    steps = scale * 2.0 ** probe.rng.permutation(np.arange(shape[-1]) % (2 * spread + 1) - spread)
    return (levels * steps).astype(np.float32)


def convolutional(probe) -> Network:
    """Of each kind of layer some, in random sizes; one pooling has an odd row and column to leave out."""
    first, second, units = (int(probe.rng.integers(low, high)) for low, high in ((3, 6), (5, 9), (12, 20)))
    layers: Layers = [
        ("Input", {"shape": (28, 28, 1)}),
        ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1}),
        ("Conv2D", {"filters": first, "kernel_size": (5, 5), "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Conv2D", {"filters": second, "kernel_size": (4, 4)}),  # no activation
        ("MaxPooling2D", {"pool_size": 2}),  # 9 rows become 4
        ("Dropout", {"rate": 0.5}),
        ("Flatten", {}),
        ("Dense", {"units": units, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ]
    shapes = [(5, 5, 1, first), (4, 4, first, second), (16 * second, units), (units, 10)]
    return Network(layers, with_biases(probe, shapes))


def dense(probe) -> Network:
    """As in lesson 5, on images without an axis for the channels."""
    units = int(probe.rng.integers(20, 40))
    layers: Layers = [
        ("Input", {"shape": (28, 28)}),
        ("Flatten", {}),
        ("Dense", {"units": units, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ]
    return Network(layers, with_biases(probe, [(784, units), (units, 10)]))


def deep(probe) -> Network:
    """More than ten layers, and logits so far apart that their exponentials are beyond any float."""
    hidden = 11
    layers: Layers = [
        ("Input", {"shape": (28, 28)}),
        ("Flatten", {}),
        *[("Dense", {"units": 14, "activation": "relu"})] * hidden,
        ("Dense", {"units": 10, "activation": "softmax"}),
    ]
    weights = with_biases(probe, [(784, 14), *[(14, 14)] * (hidden - 1), (14, 10)])
    network = Network(layers, weights)
    logits = replace(RIGHT, activations={"softmax": ACTIVATIONS["linear"]}).probabilities(network, probe.rectangles(24))
    factor = np.float32(2.0 ** np.ceil(np.log2(2000 / np.ptp(logits, axis=1).mean())))
    return Network(layers, [*weights[:-2], weights[-2] * factor, weights[-1]])


def with_biases(probe, shapes: Sequence[tuple[int, ...]]) -> Weights:
    """A kernel for each shape, followed by its biases."""
    return [
        array
        for shape in shapes
        for array in (exact_kernel(probe, *shape, spread=1), probe.normal(shape[-1], scale=0.5).astype(np.float32))
    ]


def large(probe) -> Network:
    """Like `convolutional`, but of a size at which a file's own overhead hardly counts."""
    layers: Layers = [
        ("Input", {"shape": (28, 28, 1)}),
        ("Conv2D", {"filters": 12, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Conv2D", {"filters": 24, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {"pool_size": 2}),
        ("Flatten", {}),
        ("Dense", {"units": 128, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    ]
    shapes = [(3, 3, 1, 12), (3, 3, 12, 24), (600, 128), (128, 10)]
    arrays = [
        array for shape in shapes for array in (probe.normal(*shape, scale=0.1), probe.normal(shape[-1], scale=0.1))
    ]
    return Network(layers, [array.astype(np.float32) for array in arrays])


def not_exportable(probe) -> Iterator[tuple[str, str, Network]]:
    """Networks with one layer that the exercise does not ask for: its kind, its setting in words, and the network."""
    cases: list[tuple[str, dict[str, Any], int]] = [  # the last number: the side of its feature maps
        ("Conv2D", {"padding": "same"}, 28),
        ("Conv2D", {"strides": 2}, 13),
        ("Conv2D", {"dilation_rate": 2}, 24),
        ("Conv2D", {"groups": 2}, 24),
        ("Conv2D", {"activation": "tanh"}, 26),
        ("MaxPooling2D", {"pool_size": 3}, 8),
        ("MaxPooling2D", {"pool_size": 2, "strides": 1}, 25),
        ("MaxPooling2D", {"pool_size": 2, "padding": "same"}, 13),
        ("AveragePooling2D", {"pool_size": 2}, 13),
        ("ReLU", {}, 26),
    ]
    for kind, settings, side in cases:
        kernel = 4 if "padding" in settings and kind != "Conv2D" else 3  # maps of an odd size, so that padding matters
        convolution = {"filters": 4, "kernel_size": kernel, "activation": None if kind == "ReLU" else "relu"}
        inner: Layers = [("Conv2D", convolution), (kind, settings)]
        shapes = [(kernel, kernel, 1, 4)]
        if "groups" in settings:  # of the channels of another convolution
            inner, shapes = [("Conv2D", convolution), ("Conv2D", convolution | settings)], [*shapes, (3, 3, 2, 4)]
        elif kind == "Conv2D":
            inner = [("Conv2D", convolution | settings)]
        layers: Layers = [
            ("Input", {"shape": (28, 28, 1)}),
            *inner,
            ("Flatten", {}),
            ("Dense", {"units": 10, "activation": "softmax"}),
        ]
        telling = [f"{name}={value!r}" for name, value in settings.items() if (name, value) != ("pool_size", 2)]
        weights = with_biases(probe, [*shapes, (side * side * 4, 10)])
        yield kind, ", ".join(telling), Network(layers, weights)


def with_a_loud_filter(network: Network) -> Network:
    """The same network with one filter of the first convolution a hundred times as large, to which nothing listens. It
    makes no difference to the others, unless they have to share a scale with it."""
    first, bias, second, *others = (array.copy() for array in network.weights)
    quietest = int(np.abs(second).sum(axis=(0, 1, 3)).argmin())
    first[..., quietest] *= 100
    second[:, :, quietest] = 0
    return Network(network.layers, [first, bias, second, *others])

"""An oracle that runs the networks of exercise 15 in NumPy, and the ways to run them wrongly."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.api import Mistake, mistake

Layers = list[tuple[str, dict[str, Any]]]
Weights = list[np.ndarray]
Steps = list[tuple[tuple[str, dict[str, Any]], tuple[np.ndarray, np.ndarray]]]

LARGEST, NONE = 127, np.empty(0)


# Rounding


def largest_of(weights: np.ndarray, per_channel: bool) -> np.ndarray:
    """The largest absolute value of all weights, or for each index of the last axis."""
    return np.abs(weights).max(axis=tuple(range(weights.ndim - 1)) if per_channel else None)


def scales_of(weights: np.ndarray, per_channel: bool = False) -> np.ndarray:
    """The right scales; 1 where all weights are 0."""
    largest = largest_of(weights, per_channel)
    return np.where(largest > 0, largest / LARGEST, 1.0)


def levels_of(weights: np.ndarray, per_channel: bool = False) -> np.ndarray:
    """The right levels, as whole floats."""
    return np.round(weights / scales_of(weights, per_channel))


# Running


@dataclass(frozen=True)
class Network:
    """A network of the check's own making.

    Attributes:
        layers: as `Models.build` takes them.
        weights: in the order of Keras's ``get_weights``.
    """

    layers: Layers
    weights: Weights

    def with_weights(self) -> Steps:
        """Its layers, each with its kernel and its biases; with empty arrays where it has none."""
        arrays = iter(self.weights)
        return [
            (layer, (next(arrays), next(arrays)) if layer[0] in {"Conv2D", "Dense"} else (NONE, NONE))
            for layer in self.layers
        ]

    @property
    def bytes_as_floats(self) -> int:
        """What all parameters take as float32."""
        return 4 * sum(array.size for array in self.weights)


def rounded_kernels(network: Network) -> Network:
    """With all channels of a kernel sharing one scale."""
    return Network(
        network.layers,
        [levels_of(array) * scales_of(array) if array.ndim > 1 else array for array in network.weights],
    )


def rounded_biases(network: Network) -> Network:
    """With biases rounded as `quantize` does it, and the kernels as they are."""
    return Network(
        network.layers,
        [array if array.ndim > 1 else levels_of(array) * scales_of(array) for array in network.weights],
    )


def convolved(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    windows = sliding_window_view(images, kernel.shape[:2], axis=(1, 2))
    return np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2)))


def pooled(images: np.ndarray, how: Callable[..., np.ndarray] = np.max) -> np.ndarray:
    n, height, width, channels = images.shape
    whole = images[:, : height // 2 * 2, : width // 2 * 2]
    return how(whole.reshape(n, height // 2, 2, width // 2, 2, channels), axis=(2, 4))


def softmax(logits: np.ndarray, axis: int | None = -1) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda values: values,
    "relu": lambda values: np.maximum(values, 0),
    "softmax": softmax,
}


@dataclass(frozen=True)
class Run:
    """How an exported network is run: as it should be, or with one thing wrong."""

    pixels: Callable[[np.ndarray], np.ndarray] = lambda images: images / 255
    kernel: Callable[[np.ndarray], np.ndarray] = lambda kernel: kernel  # of a convolution
    weights: Callable[[np.ndarray], np.ndarray] = lambda kernel: kernel  # of any layer
    bias: Callable[[np.ndarray], np.ndarray] = lambda bias: bias
    pool: Callable[[np.ndarray], np.ndarray] = pooled
    rows: Callable[[np.ndarray], np.ndarray] = lambda images: images.reshape(len(images), -1)
    activations: dict[str, Callable[[np.ndarray], np.ndarray]] | None = None

    def probabilities(self, network: Network, images: np.ndarray) -> np.ndarray:
        """What the network answers to uint8 images (n, 28, 28): (n, 10)."""
        values = self.pixels(images.astype(np.float64))[..., np.newaxis]
        for (kind, settings), (kernel, bias) in network.with_weights():
            if kind == "Conv2D":
                values = convolved(values, self.kernel(self.weights(kernel))) + self.bias(bias)
            elif kind == "MaxPooling2D":
                values = self.pool(values)
            elif kind == "Flatten":
                values = self.rows(values)
            elif kind == "Dense":
                values = values @ self.weights(kernel) + self.bias(bias)
            values = (ACTIVATIONS | (self.activations or {}))[settings.get("activation", "linear")](values)
        return values


RIGHT = Run()


def as_run(name: str, question: str) -> Callable[[Callable[[], Run]], Mistake]:
    """Turn a function that returns a `Run` into a Mistake of ``predict_exported``: running the network of the check,
    its second argument, in that way. Its docstring is the explanation."""
    return lambda make: Mistake(
        name,
        inspect.getdoc(make) or "",
        question,
        reenact=lambda images, network: make().probabilities(network, images),
    )


@as_run("not-scaled", "Which numbers did the network see in training, and which ones does it see now?")
def not_scaled():
    """The network got pixels of 0..255, but it was trained on pixels in 0..1."""
    return Run(pixels=lambda images: images)


@as_run("scaled-twice", "How often are the pixels divided by 255 on their way to the network?")
def scaled_twice():
    """The pixels were divided by 255 twice, so the network saw almost blank images."""
    return Run(pixels=lambda images: images / 255 / 255)


@as_run("divided-by-256", "What should full ink, 255, become?")
def divided_by_256():
    """The pixels were divided by 256, so full ink, 255, becomes 0.996 instead of 1."""
    return Run(pixels=lambda images: images / 256)


@as_run("relu-forgotten", "What does ReLU do with negative numbers, and after which layers does your code apply it?")
def relu_forgotten():
    """The activation ReLU was left out, so negative numbers went on to the next layer."""
    return Run(activations={"relu": ACTIVATIONS["linear"]})


@as_run("relu-everywhere", "Which activation does each layer have in the model?")
def relu_everywhere():
    """ReLU was applied after a layer that has no activation."""
    return Run(activations={"linear": ACTIVATIONS["relu"]})


@as_run("softmax-forgotten", "What do the ten numbers of an image sum to?")
def softmax_forgotten():
    """These are logits: the softmax of the last layer was left out."""
    return Run(activations={"softmax": ACTIVATIONS["linear"]})


@as_run("softmax-along-batch", "Which numbers should sum to 1: those of an image, or those of a class?")
def softmax_along_batch():
    """The softmax runs over the images of the batch instead of the ten classes."""
    return Run(activations={"softmax": lambda logits: softmax(logits, axis=0)})


@as_run("softmax-over-everything", "Which numbers should sum to 1?")
def softmax_over_everything():
    """All probabilities of the batch sum to 1 together. Those of each image should."""
    return Run(activations={"softmax": lambda logits: softmax(logits, axis=None)})


@as_run("bias-forgotten", "What does a layer add to its sum of products?")
def bias_forgotten():
    """The biases were left out."""
    return Run(bias=np.zeros_like)


@as_run("kernel-turned", "Does Keras rotate a kernel before sliding it over the image?")
def kernel_turned():
    """The kernels were rotated by 180°. Keras uses them as they are (cross-correlation)."""
    return Run(kernel=lambda kernel: kernel[::-1, ::-1])


@as_run("rows-and-columns-swapped", "Which axis of a kernel belongs to the rows of the image?")
def kernel_transposed():
    """The rows and columns of the kernels are swapped."""
    return Run(kernel=lambda kernel: kernel.swapaxes(0, 1))


@as_run("average-for-max", "What does max pooling keep of four numbers?")
def average_for_max():
    """Pooling took the mean of each 2×2 window. Max pooling takes the largest number."""
    return Run(pool=lambda images: pooled(images, np.mean))


@as_run("corner-for-max", "What does max pooling keep of four numbers?")
def corner_for_max():
    """Pooling kept one corner of each 2×2 window. Max pooling takes the largest number."""
    return Run(pool=lambda images: pooled(images, lambda blocks, axis: blocks[:, :, 0, :, 0]))


@as_run("channels-first", "In which order does Keras's Flatten line up rows, columns and channels?")
def channels_first():
    """Flatten put all pixels of the first channel first. In Keras, all channels of the first pixel come first."""
    return Run(rows=lambda images: np.moveaxis(images, -1, 1).reshape(len(images), -1))


@as_run("columns-first", "In which order does Flatten of Keras go through the rows and columns of an image?")
def columns_first():
    """Flatten went through the image column by column. Keras and NumPy go through it row by row."""
    return Run(rows=lambda images: images.swapaxes(1, 2).reshape(len(images), -1))


@as_run("integer-division", "What is 200 // 255?")
def integer_division():
    """The pixels were divided as integers, so everything but full ink became 0."""
    return Run(pixels=lambda images: images // 255)


@as_run("scaled-per-image", "Which number did training divide by, for a pale digit and for a dark one?")
def scaled_per_image():
    """Each image was divided by its own largest pixel; the network was trained on pixels divided by 255."""
    return Run(pixels=lambda images: images / images.max(axis=(1, 2), keepdims=True))


@as_run("scaled-per-batch", "Should an answer depend on the other images of the batch?")
def scaled_per_batch():
    """All images were divided by the largest pixel of the batch; the network was trained on pixels divided by 255."""
    return Run(pixels=lambda images: images / images.max())


@as_run("inverted", "Which value does paper have in the training digits?")
def inverted():
    """The pixels were inverted, so the network saw dark ink on bright paper."""
    return Run(pixels=lambda images: 1 - images / 255)


@as_run("relu-on-logits", "Which activation does the last layer have, and which one comes before it?")
def relu_on_logits():
    """ReLU was applied to the logits before the softmax, so all negative ones became equal."""
    return Run(activations={"softmax": lambda logits: softmax(np.maximum(logits, 0))})


@as_run("scales-forgotten", "What does a level of 64 stand for, and where do you multiply by the scale?")
def scales_forgotten():
    """The network ran on the levels themselves: nothing multiplied them by their scales."""
    return Run(weights=lambda kernel: levels_of(kernel, per_channel=True))


@as_run("levels-without-sign", "Which dtype do the levels have when you read them again?")
def levels_read_without_sign():
    """The levels were read as uint8, so -1 became 255: negative weights turned into large positive ones."""
    return Run(weights=lambda kernel: levels_of(kernel, per_channel=True) % 256 * scales_of(kernel, per_channel=True))


@mistake("one-scale-for-all", question="With which value of per_channel does your export_network call quantize?")
def one_scale_in_the_file(images, network):
    """All channels of a kernel in the file share one scale, so channels with small weights lose most of their
    precision."""
    return RIGHT.probabilities(rounded_kernels(network), images)


@mistake("biases-rounded", question="Which arrays of a layer does the exercise ask you to quantize?")
def biases_rounded(images, network):
    """The biases were rounded to 8 bits, too. There are few of them, so they stay float32."""
    return RIGHT.probabilities(rounded_biases(network), images)


PREDICT_MISTAKES = [
    not_scaled,
    scaled_twice,
    divided_by_256,
    relu_forgotten,
    relu_everywhere,
    softmax_forgotten,
    softmax_along_batch,
    softmax_over_everything,
    bias_forgotten,
    kernel_turned,
    kernel_transposed,
    average_for_max,
    corner_for_max,
    channels_first,
    columns_first,
    integer_division,
    scaled_per_image,
    scaled_per_batch,
    inverted,
    relu_on_logits,
    scales_forgotten,
    levels_read_without_sign,
    one_scale_in_the_file,
    biases_rounded,
]

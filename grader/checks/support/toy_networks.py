"""Small random networks for exercise 12: as models for the learner, and computed by NumPy.

All numbers are multiples of small powers of two, so sums of their products are exact in float32. Biases lie between the
steps of those sums, so no ReLU is ever exactly at its kink.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

SIDE = 28
FLATTEN: tuple = ("Flatten", "flat", {})
DROPOUT = ("Dropout", "dropout", {"rate": 0.5})


# Oracles: right answers, computed independently


def softmax(logits):
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


ACTIVATIONS = {"linear": lambda z: z, "relu": lambda z: np.maximum(z, 0), "softmax": softmax}


class Network:
    """A network of a check's own making, as a model for the learner and in NumPy.

    Args:
        layers: each layer's class in ``keras.layers``, its name, its settings, and its weights if it has any.
    """

    def __init__(self, *layers):
        self.layers = layers

    @property
    def weights(self):
        """All arrays, in the order in which Keras takes them."""
        return [array.astype(np.float32) for _, _, _, *weights in self.layers for array in weights]

    def model(self, models):
        """The network as a Keras model in the learner's process."""
        described = [(kind, {"name": name, **settings}) for kind, name, settings, *_ in self.layers]
        return models.build([("Input", {"shape": (SIDE, SIDE, 1)}), *described], self.weights)

    def steps(self, images):
        """What every layer computes for images (n, 28, 28, 1)."""
        steps, out = [], np.asarray(images, float)
        for kind, name, settings, *weights in self.layers:
            given = out
            if kind == "Conv2D":
                windows = sliding_window_view(given, weights[0].shape[:2], axis=(1, 2))
                made = np.einsum("nrcdij,ijdo->nrco", windows, weights[0]) + weights[1]
            elif kind == "Dense":
                made = given @ weights[0] + weights[1]
            elif kind == "MaxPooling2D":
                made = sliding_window_view(given, (2, 2), axis=(1, 2))[:, ::2, ::2].max(axis=(4, 5))
            else:
                made = given.reshape(len(given), -1) if kind == "Flatten" else given
            activation = {"ReLU": "relu", "Softmax": "softmax"}.get(kind, settings.get("activation", "linear"))
            out = ACTIVATIONS[activation](made)
            steps.append(Step(name, kind, given, made, out, weights))
        return steps

    def maps(self, images, name):
        """What the layer of that name outputs for images."""
        return next(step.out for step in self.steps(images) if step.name == name)

    def logits(self, images):
        """The scores of the classes before the softmax, (n, classes)."""
        return [step.made for step in self.steps(images) if step.kind == "Dense"][-1]

    def probabilities(self, images):
        """The probabilities of the classes, (n, classes)."""
        return softmax(self.logits(images))

    def gradient(self, image, direction):
        """The gradient (28, 28) of the logits' sum, weighted by ``direction`` (k,), with respect to the pixels."""
        steps = self.steps(image[np.newaxis])
        last = max(index for index, step in enumerate(steps) if step.kind == "Dense")
        slope = np.asarray(direction, float) @ steps[last].weights[0].T
        for step in reversed(steps[:last]):
            slope = slope.reshape(step.out[0].shape)
            if step.kind in {"ReLU", "Dense"} or (step.kind == "Conv2D" and step.out.min() >= 0):
                slope = slope * (step.made[0] > 0)
            if step.kind == "Dense":
                slope = slope @ step.weights[0].T
            elif step.kind == "Conv2D":
                slope = spread(slope, step.weights[0], step.given[0].shape)
        return slope.reshape(SIDE, SIDE)

    def saliency(self, image, label):
        """The right saliency map (28, 28): the absolute gradient of the label's logit."""
        return np.abs(self.gradient(image, np.eye(len(self.logits(image[np.newaxis])[0]))[label]))

    def occlusion(self, image, label, patch_size=7):
        """The right occlusion map: how far the label's probability drops for each blank patch."""
        return drops(self, image, label, patch_size)

    def centered(self, image, logits):
        """The same network with other biases in the layer of logits, so that an image gets the logits given."""
        shift = logits - self.logits(image[np.newaxis])[0]
        last = max(index for index, layer in enumerate(self.layers) if layer[0] == "Dense")
        *before, weights, bias = self.layers[last]
        layers = list(self.layers)
        layers[last] = (*before, weights, bias + shift)
        return Network(*layers)


@dataclass
class Step:
    """One layer at work: its name and kind, its input, the result before the activation, and its output."""

    name: str
    kind: str
    given: np.ndarray
    made: np.ndarray
    out: np.ndarray
    weights: list[np.ndarray]


def spread(slope, kernels, shape):
    """Propagate a gradient (h', w', c_out) back through a convolution to its input of the given shape (h, w, c_in)."""
    pixels = np.zeros(shape)
    height, width = slope.shape[:2]
    for row, column in np.ndindex(kernels.shape[:2]):
        pixels[row : row + height, column : column + width] += slope @ kernels[row, column].T
    return pixels


def corners(patch_size):
    """Top and left of every patch, row by row."""
    return [(top, left) for top in range(0, SIDE, patch_size) for left in range(0, SIDE, patch_size)]


def blanked(image, patch_size, fill=0.0, height=None):
    """One copy of an image for each patch, (patches, 28, 28, 1), with the patch filled."""
    copies = np.repeat(image[np.newaxis], (SIDE // patch_size) ** 2, axis=0)
    height = patch_size if height is None else height
    for copy, (top, left) in zip(copies, corners(patch_size), strict=True):
        copy[top : top + height, left : left + height] = fill
    return copies


def drops(network, image, label, patch_size=7, copies=None):
    """How far a class's probability drops from the image to each of its copies, as a map."""
    copies = blanked(image, patch_size) if copies is None else copies
    before, after = (network.probabilities(images)[:, label] for images in (image[np.newaxis], copies))
    return (before - after).reshape(SIDE // patch_size, -1)


# Drawing networks and images


def scaled_images(rng, count):
    """float32 (count, 28, 28, 1), multiples of 1/8 in 0..1: half of the pixels are paper."""
    images = rng.integers(1, 9, (count, SIDE, SIDE, 1)) * (rng.random((count, SIDE, SIDE, 1)) < 0.5)
    return (images / 8).astype(np.float32)


def dense_network(rng, classes, separate=()):
    """One hidden layer, no convolution. ``separate``: the softmax as a layer of its own."""
    activation = "linear" if separate else "softmax"
    return Network(FLATTEN, hidden(rng, 12), output(rng, 12, classes, 16, activation), *separate)


def convolutional_network(rng, classes, separate=()):
    """Convolution, dropout, softmax."""
    activation = "linear" if separate else "softmax"
    first = convolution(rng, "strokes", 3, 5, 1, 3)
    return Network(first, FLATTEN, DROPOUT, output(rng, 26 * 24 * 3, classes, 4, activation), *separate)


def stepwise_network(rng, classes):
    """A ReLU that is a layer of its own after the convolution, and a softmax that is one too."""
    first = convolution(rng, "strokes", 5, 4, 1, 2, activation="linear")
    relu, scores = ("ReLU", "bend", {}), output(rng, 24 * 25 * 2, classes, 4, "linear")
    return Network(first, relu, FLATTEN, scores, ("Softmax", "shares", {}))


def unsure(rng, network, image):
    """The network with biases that make it unsure about an image: logits from -1 to 1, no two alike."""
    classes = len(network.logits(image[np.newaxis])[0])
    return network.centered(image, rng.permutation(np.round(np.linspace(-32, 32, classes)) / 32))


def sure(rng, network, image):
    """The network with biases that make it so sure about an image that all probabilities are exactly 0 or 1."""
    classes = len(network.logits(image[np.newaxis])[0])
    return network.centered(image, 150.0 * rng.permutation(classes))


def unlikely(rng, network, image):
    """A random class, but not the most probable one."""
    ranked = np.argsort(network.logits(image[np.newaxis])[0])
    return int(rng.choice(ranked[:-1]))


def convolution(rng, name, height, width, c_in, c_out, **settings):
    """A random convolution with ReLU; ``settings`` replace those of the layer."""
    kernels = fractions(rng, 4, 8, height, width, c_in, c_out)
    settings = {"filters": c_out, "kernel_size": (height, width), "activation": "relu"} | settings
    return ("Conv2D", name, settings, kernels, between(rng, 16, 128, c_out))


def hidden(rng, units):
    """A random hidden layer with ReLU on all pixels."""
    weights = fractions(rng, 8, 64, SIDE * SIDE, units)
    return ("Dense", "hidden", {"units": units, "activation": "relu"}, weights, between(rng, 64, 1024, units))


def output(rng, inputs, units, most, activation="softmax"):
    """A random last layer without biases; weights up to ``most`` / 64."""
    weights = fractions(rng, most, 64, inputs, units)
    return ("Dense", "digits", {"units": units, "activation": activation}, weights, np.zeros(units))


def fractions(rng, most, denominator, *shape):
    """Random multiples of 1 / denominator, from -most to most of them."""
    return rng.integers(-most, most + 1, shape) / denominator


def between(rng, most, denominator, *shape):
    """Random odd multiples of 1 / denominator: between the even ones."""
    return (2 * rng.integers(-most, most, shape) + 1) / denominator


# Mistakes are defined for the network in place of its model, which NumPy cannot look into.


def on(network, mistakes):
    """Mistakes, ready to be tried on a call whose model is the given network."""

    def tried(function, at):
        return function and partial(swapped, function, network, at)

    return [replace(known, reenact=tried(known.reenact, 0), shows=tried(known.shows, 1)) for known in mistakes]


def swapped(function, network, at, *values):
    """Call a function with the network in place of one of the values."""
    return function(*values[:at], network, *values[at + 1 :])

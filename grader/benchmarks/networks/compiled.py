"""Trains a network with all steps of an epoch as one compiled function.

The digits of an epoch lie in memory in the order in which they will be used, the parameters are one flat vector, so
that Adam is a handful of operations on it, and the loop over the batches is a part of the graph. Python starts it and
waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.benchmarks.networks.distortion import Distortion
from grader.benchmarks.networks.layers import CLASSES, EPSILON, MOMENTUM, Average, Convolution, Dropout, Network

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

TINY = 1e-7  # of Adam
MEASURED, LARGE = 10_000, 1000  # images by which means and variances are measured, and how many in a batch


@dataclass(frozen=True)
class Recipe:
    """A network, and how it is trained.

    Attributes:
        network: it has batch normalization.
        digits: how many are seen in all, each once in an epoch.
        batch: digits in a step.
        peak: the highest learning rate of the cycle.
        rising: the share of the steps in which it rises.
        betas: Adam's.
        smoothing: of the labels.
        distortion: of the digits, a new one in each epoch; None leaves them as they are.
        averaging: the trained parameters are a moving average of those of all steps, which keeps this share of itself
            in a step. Means and variances are then measured at the end, on digits as they are.
    """

    network: Network
    digits: int
    batch: int = 128
    peak: float = 0.02
    rising: float = 0.3
    betas: tuple[float, float] = (0.9, 0.99)
    smoothing: float = 0.1
    distortion: Distortion | None = None
    averaging: float = 0.0

    def epochs(self, count: int) -> list[int]:
        """How many steps each epoch has, the last of which may see only a part of so many digits."""
        whole, rest = divmod(self.digits, count)
        return [steps for steps in (*[count // self.batch] * whole, rest // self.batch) if steps]

    def rates(self, steps: int) -> np.ndarray:
        """The learning rate of every step, float32 (steps,), with Adam's correction for averages that start at 0."""
        step = np.arange(steps)
        top = max(1, int(self.rising * steps))
        up = self.peak * (0.1 + 0.9 * step / top)
        down = self.peak * (1 + np.cos(np.pi * (step - top) / max(1, steps - top))) / 2
        first, second = self.betas
        corrected = np.sqrt(1 - second ** (step + 1.0)) / (1 - first ** (step + 1.0))
        rates: np.ndarray = (np.where(step < top, up, down) * corrected).astype(np.float32)
        return rates


@dataclass(frozen=True)
class Trained:
    """The result: the parameters, one flat vector, and the moving averages of mean and variance, another."""

    network: Network
    vector: np.ndarray
    averages: np.ndarray

    def model(self) -> "keras.Model":
        """It as a Keras model: raw uint8 (n, 28, 28) to scores (n, 10)."""
        model = self.network.model()
        model.set_weights(list(self._in_keras_order()))
        return model

    def _in_keras_order(self) -> Iterator[np.ndarray]:
        """Kernel, γ, β, mean and variance for every batch normalization, then weights and biases."""
        parts = iter(split(self.vector, shapes(self.network)))
        averages = iter(split(self.averages, [(size,) for size in self.network.normalized for _ in range(2)]))
        for _ in self.network.normalized:
            yield from (next(parts), next(parts), next(parts), next(averages), next(averages))
        yield from parts


def shapes(network: Network) -> list[tuple[int, ...]]:
    """Of the parameters in the flat vector: kernel, γ and β for every normalized layer, then weights and biases."""
    *kernels, weights = network.kernels
    return [shape for kernel in kernels for shape in (kernel, kernel[-1:], kernel[-1:])] + [weights, (CLASSES,)]


def sizes(network: Network) -> list[int]:
    """How many numbers each of them has."""
    return [int(np.prod(shape)) for shape in shapes(network)]


def split(vector: np.ndarray, into: list[tuple[int, ...]]) -> list[np.ndarray]:
    """A flat vector as the arrays that it is made of."""
    ends = np.cumsum([int(np.prod(shape)) for shape in into])
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), into, strict=True)]


def initial(network: Network, rng: np.random.Generator) -> np.ndarray:
    """Random parameters, by Glorot and Bengio's formula, as Keras: float32, flat."""
    arrays = []
    for index, shape in enumerate(shapes(network)):
        if len(shape) > 1:
            field = int(np.prod(shape[:-2]))
            limit = np.sqrt(6 / (field * (shape[-2] + shape[-1])))
            arrays.append(rng.uniform(-limit, limit, shape).ravel())
        else:
            is_gamma = index % 3 == 1 and index < 3 * len(network.normalized)
            arrays.append(np.full(shape, float(is_gamma)))
    return np.concatenate(arrays).astype(np.float32)


class Forward:
    """One pass of a batch through a network, normalized by the batch itself."""

    def __init__(self, network: Network, vector: "tf.Tensor", chance: "tf.Tensor | None" = None) -> None:
        """Take the parameters out of the vector. Two whole numbers, the chance, decide what is dropped; without them,
        nothing is."""
        import tensorflow as tf

        parts = zip(tf.split(vector, sizes(network)), shapes(network), strict=True)
        self._network, self._chance = network, chance
        self._parts = iter(tf.reshape(part, shape) for part, shape in parts)
        self._seen: list[tf.Tensor] = []
        self._dropped = 0

    def scores(self, images: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """The scores of a batch, and the means and variances of its channels, flat, as the averages need them."""
        import tensorflow as tf

        maps = images
        for layer in self._network.layers:
            if isinstance(layer, Convolution):
                maps = tf.nn.conv2d(maps, next(self._parts), layer.stride, "VALID")
                maps = tf.nn.max_pool2d(maps, 2, 2, "VALID") if layer.pools else maps
                maps = self._normalized(maps)
            elif isinstance(layer, Average):
                maps = tf.reduce_mean(maps, (1, 2))
            elif isinstance(layer, Dropout):
                maps = self._after_dropout(maps, layer.share)
            else:
                maps = self._dense(maps)
        weights, biases = self._parts
        return flat(maps, weights) @ weights + biases, tf.concat(self._seen, 0)

    def _dense(self, maps: "tf.Tensor") -> "tf.Tensor":
        weights = next(self._parts)
        return self._normalized((flat(maps, weights) @ weights)[:, None, None, :])[:, 0, 0, :]

    def _normalized(self, maps: "tf.Tensor") -> "tf.Tensor":
        """Batch normalization by the batch itself, and ReLU."""
        import tensorflow as tf

        empty = tf.zeros([0])
        maps, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=maps, scale=next(self._parts), offset=next(self._parts), mean=empty, variance=empty, epsilon=EPSILON
        )
        self._seen += [mean, variance]
        return tf.nn.relu(maps)

    def _after_dropout(self, values: "tf.Tensor", share: float) -> "tf.Tensor":
        import tensorflow as tf

        if self._chance is None:
            return values
        self._dropped += 1
        drawn = tf.random.stateless_uniform(tf.shape(values), self._chance + tf.constant([0, 1000 * self._dropped]))
        return tf.where(drawn < share, 0.0, values / (1 - share))


def flat(maps: "tf.Tensor", weights: "tf.Tensor") -> "tf.Tensor":
    """Maps as one row for each image, as many numbers as there are rows of weights."""
    import tensorflow as tf

    return tf.reshape(maps, (-1, weights.shape[0]))


def train(recipe: Recipe, images: np.ndarray, labels: np.ndarray, seed: int) -> Trained:
    """Train a network.

    Args:
        images: uint8 (n, 28, 28).
        labels: (n,).
    """
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    network, (first, second) = recipe.network, recipe.betas
    epochs = recipe.epochs(len(images))
    rates = tf.constant(recipe.rates(sum(epochs)))

    @tf.function(autograph=False, reduce_retracing=True)
    def epoch(x: tf.Tensor, y: tf.Tensor, begin: tf.Tensor, steps: tf.Tensor, *state: tf.Tensor) -> Any:
        def step(number: tf.Tensor, *state: tf.Tensor) -> Any:
            vector, average, mean, square, seen_so_far = state
            start = number * recipe.batch
            batch = slice(start, start + recipe.batch)
            scores, seen = Forward(network, vector, tf.stack([begin + number, seed])).scores(x[batch])
            (gradient,) = tf.gradients(tf.nn.softmax_cross_entropy_with_logits(y[batch], scores), vector)
            gradient = gradient / recipe.batch
            mean = first * mean + (1 - first) * gradient
            square = second * square + (1 - second) * gradient**2
            vector = vector - rates[begin + number] * mean / (tf.sqrt(square) + TINY)
            average = recipe.averaging * average + (1 - recipe.averaging) * vector
            return number + 1, vector, average, mean, square, MOMENTUM * seen_so_far + (1 - MOMENTUM) * seen

        return tf.while_loop(lambda number, *_: number < steps, step, (0, *state))[1:]

    vector = tf.constant(initial(network, rng))
    zeros = tf.zeros_like(vector)
    state = [vector, vector, zeros, zeros, tf.zeros([2 * sum(network.normalized)])]
    begin = 0
    for steps in epochs:
        order = rng.permutation(len(images))[: steps * recipe.batch]
        x, y = prepared(recipe, images[order], rng), targets(recipe, labels[order])
        state = epoch(tf.constant(x), tf.constant(y), tf.constant(begin), tf.constant(steps), *state)
        begin += steps
    _, average, *_, seen = state
    if recipe.averaging:
        seen = statistics_of(network, average, images[:MEASURED])
    return Trained(network, average.numpy(), seen.numpy())


def statistics_of(network: Network, vector: "tf.Tensor", images: np.ndarray) -> "tf.Tensor":
    """The means and variances of a network's channels over images as they are: the average over large batches."""
    import tensorflow as tf

    @tf.function(autograph=False)
    def seen(x: tf.Tensor) -> tf.Tensor:
        return Forward(network, vector).scores(x)[1]

    x = cropped(network, images)
    return tf.reduce_mean([seen(tf.constant(x[at : at + LARGE])) for at in range(0, len(x), LARGE)], 0)


def prepared(recipe: Recipe, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images as the network gets them, float32 (n, side, side, 1) in 0..1."""
    if recipe.distortion is None:
        return cropped(recipe.network, images)
    return recipe.distortion.distorted(images, rng, recipe.network.crop)[..., np.newaxis] / np.float32(255)


def cropped(network: Network, images: np.ndarray) -> np.ndarray:
    """Images without distortion, float32 (n, side, side, 1) in 0..1."""
    inner = slice(network.crop, images.shape[1] - network.crop)
    return images[:, inner, inner, np.newaxis] / np.float32(255)


def targets(recipe: Recipe, labels: np.ndarray) -> np.ndarray:
    """The probabilities that the network is asked for, float32 (n, 10)."""
    soft: np.ndarray = np.eye(CLASSES, dtype=np.float32) * (1 - recipe.smoothing) + recipe.smoothing / CLASSES
    return soft[labels]

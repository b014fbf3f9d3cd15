"""The fastest training of the ladder: a small network and all steps of its training as one compiled function.

The data lie in memory in the order in which they will be used, the parameters are one flat vector, so that Adam is a
handful of operations on it, and the loop over the batches is a part of the graph. Python starts it and waits.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import tensorflow as tf

EPSILON = 0.001  # of batch normalization
MOMENTUM = 0.9  # of its moving averages
TINY = 1e-7  # of Adam
MEAN = 0.13  # of a pixel


@dataclass(frozen=True)
class Recipe:
    """A network of three convolutions, and how it is trained.

    Attributes:
        digits: how many are seen, each at most once in an epoch.
        batch: digits in a step.
        peak: the highest learning rate of the cycle.
        rising: the share of the steps in which it rises.
        betas: Adam's.
        smoothing: of the labels.
        crop: rows and columns that are cut off on every side of an image.
        channels: of the convolutions.
    """

    digits: int
    batch: int
    peak: float
    rising: float
    betas: tuple[float, float]
    smoothing: float
    crop: int
    channels: tuple[int, int, int] = (16, 48, 64)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of the parameters: for each convolution its kernel, γ and β, then the weights and biases of the outputs."""
        first, second, third = self.channels
        side = 28 - 2 * self.crop
        last = ((side - 5) // 2 + 1 - 2) // 2 - 2  # stride 2; 3×3 and pooling; 3×3
        kernels = (5, 5, 1, first), (3, 3, first, second), (3, 3, second, third)
        convolutions = [shape for kernel in kernels for shape in (kernel, kernel[-1:], kernel[-1:])]
        return [*convolutions, (last * last * third, 10), (10,)]

    @property
    def parameters(self) -> int:
        """How many numbers the network consists of, with the moving averages, as Keras counts."""
        return sum(int(np.prod(shape)) for shape in self.shapes) + 2 * sum(self.channels)

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

    recipe: Recipe
    vector: np.ndarray
    averages: np.ndarray

    def network(self) -> Any:
        """It as a Keras model: raw uint8 (n, 28, 28) to logits (n, 10)."""
        import keras
        from keras import layers

        def convolution(filters: int, size: int, stride: int = 1, pool: bool = False) -> list[Any]:
            linear = layers.Conv2D(filters, size, strides=stride, use_bias=False)
            pooling = [layers.MaxPooling2D(2)] if pool else []
            return [linear, *pooling, layers.BatchNormalization(epsilon=EPSILON), layers.ReLU()]

        first, second, third = self.recipe.channels
        model = keras.Sequential(
            [
                keras.Input((28, 28)),
                layers.Rescaling(1 / 255, -MEAN),
                layers.Reshape((28, 28, 1)),
                layers.Cropping2D(self.recipe.crop),
                *convolution(first, 5, stride=2),
                *convolution(second, 3, pool=True),
                *convolution(third, 3),
                layers.Flatten(),
                layers.Dense(10),
            ]
        )
        model.set_weights(self._in_keras_order())
        return model

    def _in_keras_order(self) -> list[np.ndarray]:
        """Kernel, γ, β, mean and variance of every convolution, then weights and biases."""
        parts = iter(split(self.vector, self.recipe.shapes))
        averages = iter(split(self.averages, [(size,) for size in self.recipe.channels for _ in range(2)]))
        arrays: list[np.ndarray] = []
        for _ in self.recipe.channels:
            arrays += [next(parts), next(parts), next(parts), next(averages), next(averages)]
        return [*arrays, *parts]


def split(vector: Any, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    """A flat vector as the arrays that it is made of."""
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(np.asarray(vector), ends[:-1]), shapes, strict=True)]


def initial(recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Random parameters, by Glorot and Bengio's formula, as Keras: float32, flat."""
    arrays = []
    for index, shape in enumerate(recipe.shapes):
        if len(shape) > 1:
            field = int(np.prod(shape[:-2]))
            limit = np.sqrt(6 / (field * (shape[-2] + shape[-1])))
            arrays.append(rng.uniform(-limit, limit, shape).ravel())
        else:
            is_gamma = index % 3 == 1 and index < 3 * len(recipe.channels)
            arrays.append(np.full(shape, float(is_gamma)))
    return np.concatenate(arrays).astype(np.float32)


def forward(recipe: Recipe, vector: "tf.Tensor", images: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
    """The logits of a batch, and the means and variances of its channels, flat, as the averages need them."""
    import tensorflow as tf

    sizes = [int(np.prod(shape)) for shape in recipe.shapes]
    parts = iter(tf.reshape(part, shape) for part, shape in zip(tf.split(vector, sizes), recipe.shapes, strict=True))
    seen: list[Any] = []

    def normalized(maps: tf.Tensor) -> tf.Tensor:
        """Batch normalization by the batch itself, and ReLU."""
        empty = tf.zeros([0])
        maps, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=maps, scale=next(parts), offset=next(parts), mean=empty, variance=empty, epsilon=EPSILON
        )
        seen.extend((mean, variance))
        return tf.nn.relu(maps)

    maps = normalized(tf.nn.conv2d(images, next(parts), 2, "VALID"))
    maps = normalized(tf.nn.max_pool2d(tf.nn.conv2d(maps, next(parts), 1, "VALID"), 2, 2, "VALID"))
    maps = normalized(tf.nn.conv2d(maps, next(parts), 1, "VALID"))
    weights, biases = parts
    return tf.reshape(maps, (-1, weights.shape[0])) @ weights + biases, tf.concat(seen, 0)


def train(recipe: Recipe, images: np.ndarray, labels: np.ndarray, seed: int) -> Trained:
    """Train a network.

    Args:
        images: uint8 (n, 28, 28).
        labels: (n,).
    """
    import tensorflow as tf

    rng = np.random.default_rng(seed)
    epochs = -(-recipe.digits // len(images))
    order = np.concatenate([rng.permutation(len(images)) for _ in range(epochs)])[: recipe.digits]
    inner = slice(recipe.crop, 28 - recipe.crop)
    x = tf.constant(images[order, inner, inner, np.newaxis] / np.float32(255) - np.float32(MEAN))
    y = tf.constant((np.eye(10, dtype=np.float32) * (1 - recipe.smoothing) + recipe.smoothing / 10)[labels[order]])
    steps, (first, second) = recipe.digits // recipe.batch, recipe.betas
    rates = tf.constant(recipe.rates(steps))

    def step(number: tf.Tensor, vector: tf.Tensor, mean: tf.Tensor, square: tf.Tensor, averages: tf.Tensor) -> Any:
        start = number * recipe.batch
        batch = slice(start, start + recipe.batch)
        logits, seen = forward(recipe, vector, x[batch])
        (gradient,) = tf.gradients(tf.nn.softmax_cross_entropy_with_logits(y[batch], logits), vector)
        gradient = gradient / recipe.batch
        mean = first * mean + (1 - first) * gradient
        square = second * square + (1 - second) * gradient**2
        vector = vector - rates[number] * mean / (tf.sqrt(square) + TINY)
        return number + 1, vector, mean, square, MOMENTUM * averages + (1 - MOMENTUM) * seen

    @tf.function(autograph=False)
    def all_steps(vector: tf.Tensor) -> Any:
        zeros, averages = tf.zeros_like(vector), tf.zeros([2 * sum(recipe.channels)])
        return tf.while_loop(lambda number, *_: number < steps, step, (0, vector, zeros, zeros, averages))

    _, vector, *_, averages = all_steps(tf.constant(initial(recipe, rng)))
    return Trained(recipe, vector.numpy(), averages.numpy())

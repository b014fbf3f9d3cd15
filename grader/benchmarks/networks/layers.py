"""A network as a list of layers: its parameters, and itself as a model of Keras.

`grader.benchmarks.networks.compiled` trains the same list without Keras.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras

EPSILON, MOMENTUM = 0.001, 0.9  # of batch normalization, and of its moving averages
SIDE, CLASSES = 28, 10


@dataclass(frozen=True)
class Convolution:
    """A convolution without padding, perhaps max pooling, batch normalization and ReLU.

    Attributes:
        channels: how many kernels it has.
        size: rows and columns of a kernel.
        stride: of the convolution.
        pools: only the largest of 2×2 neighbors goes on.
    """

    channels: int
    size: int = 3
    stride: int = 1
    pools: bool = False

    def side_after(self, side: int) -> int:
        """Rows and columns of its maps, if those before have so many."""
        side = (side - self.size) // self.stride + 1
        return side // 2 if self.pools else side


@dataclass(frozen=True)
class Average:
    """The mean of each map."""


@dataclass(frozen=True)
class Dense:
    """A dense layer, batch normalization and ReLU."""

    units: int


@dataclass(frozen=True)
class Dropout:
    """In training, this share of the numbers becomes 0."""

    share: float


Layer = Convolution | Average | Dense | Dropout


@dataclass(frozen=True)
class Network:
    """Layers from raw images to ten scores; the last one, a dense layer, goes without saying.

    Attributes:
        layers: from the first to the last but one.
        crop: rows and columns that are cut off on every side of an image.
        is_normalized: with batch normalization; without, its place is taken by biases.
        shifts: how many rows and columns the crop lies away from the middle of an image when the trained network reads
            it. It reads the image once for each, and the logarithms of the probabilities are averaged.
    """

    layers: tuple[Layer, ...]
    crop: int = 0
    is_normalized: bool = True
    shifts: tuple[tuple[int, int], ...] = ((0, 0),)

    @property
    def side(self) -> int:
        """Rows and columns of an image that the first layer gets."""
        return SIDE - 2 * self.crop

    @property
    def kernels(self) -> list[tuple[int, ...]]:
        """The shapes of all kernels and weights, those of the ten scores last."""
        return list(self._kernels())

    def _kernels(self) -> Iterator[tuple[int, ...]]:
        side, channels, features = self.side, 1, 0
        for layer in (*self.layers, Dense(CLASSES)):
            if isinstance(layer, Convolution):
                yield (layer.size, layer.size, channels, layer.channels)
                side, channels = layer.side_after(side), layer.channels
            elif isinstance(layer, Average):
                side = 1
            elif isinstance(layer, Dense):
                yield (features or side * side * channels, layer.units)
                features = layer.units

    @property
    def normalized(self) -> list[int]:
        """How many channels or units each batch normalization has."""
        return [shape[-1] for shape in self.kernels[:-1]]

    @property
    def parameters(self) -> int:
        """How many numbers it consists of, with the moving averages, as Keras counts."""
        others = sum(self.normalized) * (4 if self.is_normalized else 1)
        return sum(int(np.prod(shape)) for shape in self.kernels) + others + CLASSES

    def model(self) -> "keras.Model":
        """It with random weights: raw uint8 (n, 28, 28) to scores (n, 10), or to logarithms of probabilities if it
        reads an image more than once."""
        import keras
        from keras import layers

        def finished(linear: keras.Layer, *between: keras.Layer) -> list[Any]:
            norm = [layers.BatchNormalization(epsilon=EPSILON, momentum=MOMENTUM)] if self.is_normalized else []
            return [linear, *between, *norm, layers.ReLU()]

        def made(layer: Layer) -> list[Any]:
            if isinstance(layer, Convolution):
                settings = {"strides": layer.stride, "use_bias": not self.is_normalized}
                pooling = [layers.MaxPooling2D(2)] if layer.pools else []
                return finished(layers.Conv2D(layer.channels, layer.size, **settings), *pooling)
            if isinstance(layer, Average):
                return [layers.GlobalAveragePooling2D()]
            if isinstance(layer, Dropout):
                return [layers.Dropout(layer.share)]
            return [layers.Flatten(), *finished(layers.Dense(layer.units, use_bias=not self.is_normalized))]

        start = [keras.Input((SIDE, SIDE)), layers.Rescaling(1 / 255), layers.Reshape((SIDE, SIDE, 1))]
        body = [part for layer in self.layers for part in made(layer)]
        body += [layers.Flatten(), layers.Dense(CLASSES)]
        if len(self.shifts) == 1:
            crop = [layers.Cropping2D(self.crop)] if self.crop else []
            return keras.Sequential([*start, *crop, *body])
        images, *first = start
        maps = keras.Sequential(first)(images)
        network = keras.Sequential([*body, layers.Activation("log_softmax")])
        crops = [
            ((self.crop + down, self.crop - down), (self.crop + right, self.crop - right))
            for down, right in self.shifts
        ]
        return keras.Model(images, layers.Average()([network(layers.Cropping2D(crop)(maps)) for crop in crops]))

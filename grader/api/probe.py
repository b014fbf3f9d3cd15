"""Fresh random inputs, and the keyed streams of the seed that they come from."""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np


def stream(seed: bytes, *purpose: str) -> np.random.Generator:
    """An independent random stream for one purpose: knowing one stream does not reveal another (HMAC-SHA256)."""
    key = hmac.new(seed, "\x1f".join(purpose).encode(), hashlib.sha256).digest()
    return np.random.default_rng(np.frombuffer(key, np.uint32))


@dataclass(frozen=True)
class Generator:
    """Stands for a ``numpy.random.Generator`` in a call: the learner's function gets a fresh one of this seed."""

    seed: int

    description = "a random generator"

    def fresh(self) -> np.random.Generator:
        """The generator that the learner's function gets, before its first draw."""
        return np.random.default_rng(self.seed)


class Probe:
    """Random inputs of one check. The same seed gives the same inputs."""

    def __init__(self, seed: bytes, exercise: str, check: str) -> None:
        self.rng = stream(seed, "probe", exercise, check)

    def images(self, count: int, height: int = 28, width: int = 28) -> np.ndarray:
        """Images of noise, uint8 (count, height, width): half of the pixels are paper (0), and every image has a pixel
        of no ink and one of full ink."""
        images = self.rng.integers(1, 255, (count, height, width))
        images[self.rng.random(images.shape) < 0.5] = 0
        flat = images.reshape(count, -1)
        flat[:, 0], flat[:, 1] = 0, 255
        return self.rng.permuted(flat, axis=1).reshape(images.shape).astype(np.uint8)

    def rectangles(self, count: int, size: int = 28) -> np.ndarray:
        """Images of one to three rectangles, each of one level from 60 to 255, on paper (0), uint8 (count, size, size).
        They differ as noise does not: even a network that has learned nothing gives them several labels."""
        images = np.zeros((count, size, size), np.uint8)
        for image in images:
            for _ in range(self.rng.integers(1, 4)):
                top, left = self.rng.integers(0, size - 4, 2)
                height, width = self.rng.integers(2, size // 2, 2)
                image[top : top + height, left : left + width] = self.rng.integers(60, 256)
        return images

    def labels(self, count: int, num_classes: int = 10) -> np.ndarray:
        """Labels int64 (count,) in 0..num_classes - 1; every class occurs when there are enough of them."""
        labels = np.concatenate(
            [np.arange(num_classes), self.rng.integers(0, num_classes, max(0, count - num_classes))]
        )
        return self.rng.permutation(labels[:count])

    def generator(self) -> Generator:
        """A random generator to pass to a learner's function; each has a seed of its own."""
        return Generator(int(self.rng.integers(2**32)))

    def normal(self, *shape: int, scale: float = 1.0) -> np.ndarray:
        """Standard normal numbers times ``scale``, float64 of the given shape."""
        return self.rng.normal(0, scale, shape)

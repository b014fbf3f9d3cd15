"""Fresh splits of MNIST under secret transformations, so that only learning earns a test accuracy.

An honest network is not affected when the classes are renamed, or when all images go through the same permutation of
pixels or the same rotation or reflection. Weights or tables of digits that a submission brings along are then useless.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from grader.api.probe import stream
from grader.data import MNIST_PATH, read_archive

View = Literal["permuted", "turned"]
NOISE = 2  # gray levels
DRAWING = threading.Lock()  # a thread that needs the same split waits for it instead of drawing it again


@dataclass(frozen=True)
class Split:
    """Training data for the runner; test images for the runner that scores; test labels for the judge alone.

    Images are uint8 (n, 28, 28), labels int64 (n,) in 0..9.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    channel_axis: bool

    def inputs(self, images: np.ndarray) -> np.ndarray:
        """Images as a model takes them: float32 in 0..1, (n, 28, 28) or (n, 28, 28, 1)."""
        scaled = images.astype(np.float32) / 255
        return scaled[..., np.newaxis] if self.channel_axis else scaled


class Digits:
    """MNIST as a check sees it: only through splits drawn from the seed."""

    def __init__(self, seed: bytes, exercise: str) -> None:
        self._seed, self._exercise = seed, exercise

    def split(
        self, num_train: int, num_test: int = 10_000, view: View = "permuted", channel_axis: bool = False
    ) -> Split:
        """Draw a stratified split of the 70,000 digits. The arrays are read-only.

        Args:
            num_train: training images.
            num_test: test images; the two sets are disjoint.
            view: ``"permuted"`` puts all pixels in another order, the same for every image (for networks that do not
                look at neighborhoods); ``"turned"`` applies one of the eight symmetries of the square to every image
                and gray noise to the test images (for those that do).
            channel_axis: the model takes images (28, 28, 1).
        """
        with DRAWING:
            return draw(self._seed, self._exercise, num_train, num_test, view, channel_axis)


@lru_cache(maxsize=1)  # a whole class is graded on the same one
def draw(seed: bytes, exercise: str, num_train: int, num_test: int, view: View, channel_axis: bool) -> Split:
    """Draw a split; each decision from a stream of its own."""

    def purpose(name: str) -> np.random.Generator:
        return stream(seed, name, exercise)

    digits = read_archive(MNIST_PATH)
    x_train, x_test = digits["x_train"], digits["x_test"]
    labels = np.concatenate([digits["y_train"], digits["y_test"]])
    train, test = choose(labels, num_train, num_test, purpose("split"), purpose("order"))

    def images(rows: np.ndarray) -> np.ndarray:
        chosen = np.empty((len(rows), 28, 28), np.uint8)
        early = rows < len(x_train)
        chosen[early] = x_train[rows[early]]
        chosen[~early] = x_test[rows[~early] - len(x_train)]
        return permuted(chosen, purpose("pixels")) if view == "permuted" else turned(chosen, purpose("symmetry"))

    renamed = purpose("classes").permutation(10)[labels]
    test_images = images(test)
    if view == "turned":
        noise = purpose("noise").integers(-NOISE, NOISE + 1, test_images.shape, np.int16)
        test_images = np.clip(test_images + noise, 0, 255).astype(np.uint8)
    arrays = images(train), renamed[train], test_images, renamed[test]
    for array in arrays:
        array.setflags(write=False)
    return Split(*arrays, channel_axis)


def choose(
    labels: np.ndarray, num_train: int, num_test: int, split: np.random.Generator, shuffle: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the two sets, every class in proportion."""
    order = split.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]  # by class, in random order within a class
    place = np.empty(len(order))  # where a row stands within its class, 0..1, so that a cut takes all in proportion
    counts = np.bincount(labels, minlength=10)
    place[order] = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
    ranked = np.argsort(place, kind="stable")
    test, train = ranked[:num_test], ranked[num_test : num_test + num_train]
    return shuffle.permutation(train), shuffle.permutation(test)


def permuted(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """All images with their pixels in another order, the same for each."""
    order = generator.permutation(28 * 28)
    return images.reshape(len(images), -1)[:, order].reshape(images.shape)


def turned(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """All images under one of the eight symmetries of the square."""
    symmetry = int(generator.integers(8))
    rotated = np.rot90(images, symmetry % 4, axes=(1, 2))
    return np.ascontiguousarray(rotated[:, :, ::-1] if symmetry >= 4 else rotated)

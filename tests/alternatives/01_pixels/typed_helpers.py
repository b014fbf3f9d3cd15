# alternative: helper functions, type hints, a dataclass for the geometry
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Geometry:
    count: int
    height: int
    width: int

    @classmethod
    def of(cls, images: NDArray) -> Geometry:
        return cls(*images.shape)

    @property
    def pixels(self) -> int:
        return self.height * self.width


def _unit_row(position: int, length: int) -> NDArray[np.float32]:
    row = np.zeros(length, dtype=np.float32)
    row[position] = 1
    return row


def label_counts(labels: NDArray[np.integer], num_classes: int = 10) -> NDArray[np.integer]:
    seen = Counter(labels.tolist())
    return np.array([seen[c] for c in range(num_classes)], dtype=np.int64)


def scale_pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    scaled = np.array(images, dtype=np.float32)  # a copy, so dividing in place is safe
    scaled /= np.float32(255)
    return scaled


def flatten_images(images: NDArray) -> NDArray:
    geometry = Geometry.of(images)
    return np.ascontiguousarray(images).reshape(geometry.count, geometry.pixels)


def add_channel_axis(images: NDArray) -> NDArray:
    geometry = Geometry.of(images)
    return images.reshape(geometry.count, geometry.height, geometry.width, 1)


def one_hot(labels: NDArray[np.integer], num_classes: int = 10) -> NDArray[np.float32]:
    return np.stack([_unit_row(int(label), num_classes) for label in labels])

"""Handwriting that nobody has written: digits moved, turned, stretched, slanted and bent a little.

All digits of a small group are distorted alike, so that NumPy has few and large steps to do. An epoch of 60,000 digits
takes it about a second. In the next epoch the groups are others.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

GROUP = 16  # digits that are distorted alike
MARGIN = 4  # rows and columns of black around an image
KNOTS, WIDTH = 7, 4.0  # bending: bumps along a side, and the standard deviation of a bump in pixels


@dataclass(frozen=True)
class Distortion:
    """How far digits are distorted at most; each amount is drawn evenly from both directions.

    Attributes:
        shift: in pixels, along both axes.
        turn: in degrees.
        stretch: of the height and of the width, 0.1 for 10%.
        slant: sideways, in pixels for each pixel of height.
        bend: the standard deviation of a pixel's own displacement, in pixels; neighbors move nearly alike.
    """

    shift: float = 0.0
    turn: float = 0.0
    stretch: float = 0.0
    slant: float = 0.0
    bend: float = 0.0

    def distorted(self, images: np.ndarray, rng: np.random.Generator, crop: int = 0) -> np.ndarray:
        """Distort images, each group in its own way.

        Args:
            images: (n, 28, 28) in 0..255.
            crop: rows and columns to cut off on every side of the result.

        Returns:
            float32 (n, 28 - 2 crop, 28 - 2 crop) in 0..255.
        """
        count, side = len(images), images.shape[1] - 2 * crop
        padded = np.pad(images, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
        stride, flat = padded.shape[2], padded.reshape(count, -1)
        result = np.empty((count, side * side), np.float32)
        for start in range(0, count, GROUP):
            rows, columns = self._places(images.shape[1], crop, rng)
            group = np.ascontiguousarray(flat[start : start + GROUP].T, np.float32)  # pixels first: one index for all
            result[start : start + GROUP] = interpolated(group, rows, columns, stride).T
        return result.reshape(count, side, side)

    def _places(self, side: int, crop: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Where in the padded image each pixel of the result comes from: its row and its column, not whole numbers."""
        middle = (side - 1) / 2
        along = np.arange(crop, side - crop) - middle
        down, right = (axis.ravel() for axis in np.meshgrid(along, along, indexing="ij"))
        angle = np.deg2rad(self.turn) * rng.uniform(-1, 1)
        tall, wide = 1 + self.stretch * rng.uniform(-1, 1, 2)
        slant = self.slant * rng.uniform(-1, 1)
        turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        (a, b), (c, d) = turned @ np.array([[tall, 0], [slant, wide]])
        row, column = middle + MARGIN + self.shift * rng.uniform(-1, 1, 2)
        places = np.stack([a * down + b * right + row, c * down + d * right + column])
        if self.bend:
            inner = slice(crop, side - crop)
            bumps = bumps_of(side)[inner, inner].reshape(len(down), -1)
            places += (bumps @ rng.normal(0, self.bend, (KNOTS * KNOTS, 2))).T
        rows, columns = np.clip(places, 0, side + 2 * MARGIN - 1.001).astype(np.float32)
        return rows, columns


@cache
def bumps_of(side: int) -> np.ndarray:
    """Smooth bumps on a grid of knots, (side, side, knots²), so that independent normal heights of variance 1 give
    displacements of variance 1 everywhere."""
    distances = np.arange(side)[:, np.newaxis] - np.linspace(0, side - 1, KNOTS)
    along = np.exp(-(distances**2) / (2 * WIDTH**2))
    bumps = np.einsum("ra,cb->rcab", along, along).reshape(side, side, -1)
    scaled: np.ndarray = bumps / np.sqrt((bumps**2).sum(axis=2, keepdims=True))
    return scaled


def interpolated(pixels: np.ndarray, rows: np.ndarray, columns: np.ndarray, stride: int) -> np.ndarray:
    """Bilinear interpolation: float32 (places, n) out of the pixels (all pixels of an image, n)."""
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    lower, right = (rows - top)[:, np.newaxis], (columns - left)[:, np.newaxis]
    first = top * stride + left
    above = pixels[first] * (1 - right) + pixels[first + 1] * right
    below = pixels[first + stride] * (1 - right) + pixels[first + stride + 1] * right
    between: np.ndarray = above * (1 - lower) + below * lower
    return between

"""Says when a picture may hold no digit at all, whatever a network makes of it.

A network knows ten answers and has to give one of them, even for a landscape, and it may be sure of it. So the pixels
are looked at beforehand, without any network: at the shape of the ink, and at how far it is from all training digits.
`digits dev familiarity` measures the distances and their limits, and writes them to ``familiar.npz``.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy import ndimage

FAMILIAR = Path(__file__).with_name("familiar.npz")
INK = 100  # level
SIZABLE = 0.12  # of the largest spot; what is smaller is no part that a digit must have
MOST_PARTS, MOST_LOOPS, LOOP = 2, 2, 2  # LOOP: pixels, at least
BROADEST = 4.9  # pixels from the middle of a stroke to its edge
PALEST = 110  # the mean level of the ink of a digit is above that
STEEP, STRIDE = 70, 6  # levels of gray in so many pixels

TEXTURE = "It shows no single connected stroke, but many small spots."
PARTS = "The ink is in {count} separate parts. A digit has at most 2."
LOOPS = "It has {count} loops. A digit has at most 2."
PALE = "Its ink is blurred or speckled, unlike a pen stroke."
BLOCK = "The strokes are too thick for the size of the digit."
FAR = "It looks like none of the 60,000 training digits."


@dataclass(frozen=True)
class Familiar:
    """What digits have in common, measured on the training digits; pixels are in 0..1, distances without a unit.

    Attributes:
        mean, axes: (784,) and (k, 784), the principal components. What they cannot express of a digit, as a share of
            its squares, is at most ``most_residual``.
        means, whitening: (10, d) and (10, d, d), for each class in the first d components: a digit minus the mean of
            its class, times the whitening, is at most ``most_distance`` long for at least one class.
    """

    mean: np.ndarray
    axes: np.ndarray
    means: np.ndarray
    whitening: np.ndarray
    most_residual: float = np.inf
    most_distance: float = np.inf

    def residuals(self, digits: np.ndarray) -> np.ndarray:
        """The share of each digit, uint8 (n, 28, 28), that the components cannot express: (n,)."""
        pixels = flat(digits)
        rest = pixels - self.mean - self._components(pixels) @ self.axes
        shares: np.ndarray = (rest**2).sum(axis=1) / np.maximum((pixels**2).sum(axis=1), 1e-6)
        return shares

    def distances(self, digits: np.ndarray) -> np.ndarray:
        """How far each digit, uint8 (n, 28, 28), is from the nearest class: (n,)."""
        points = self._components(flat(digits))[:, : self.means.shape[1]]
        of_classes = [
            np.linalg.norm((points - mean) @ white, axis=1)
            for mean, white in zip(self.means, self.whitening, strict=True)
        ]
        nearest: np.ndarray = np.min(of_classes, axis=0)
        return nearest

    def is_far(self, digits: np.ndarray) -> np.ndarray:
        """For each digit, whether it is beyond one of the two limits: bool (n,)."""
        far: np.ndarray = (self.residuals(digits) > self.most_residual) | (self.distances(digits) > self.most_distance)
        return far

    def _components(self, pixels: np.ndarray) -> np.ndarray:
        components: np.ndarray = (pixels - self.mean) @ self.axes.T
        return components


def flat(digits: np.ndarray) -> np.ndarray:
    """Digits as rows of 784 numbers in 0..1."""
    return digits.reshape(len(digits), -1).astype(np.float32) / 255


@cache
def familiar() -> Familiar:
    """What `digits dev familiarity` has written."""
    with np.load(FAMILIAR, allow_pickle=False) as archive:
        arrays = {name: archive[name].astype(np.float32) for name in ("mean", "axes", "means", "whitening")}
        return Familiar(**arrays, most_residual=float(archive["limits"][0]), most_distance=float(archive["limits"][1]))


def doubts_about(digits: np.ndarray, spots: int = 0) -> tuple[str, ...]:
    """For each prepared digit, why it may be none: a sentence, or "" if nothing speaks against it.

    Args:
        digits: uint8 (n, 28, 28), n >= 1.
        spots: how many the picture falls into, if they are too many to be writing; else 0.
    """
    if spots:
        return (TEXTURE,) * len(digits)
    return tuple(
        about_shape(digit) or (FAR if is_far else "")
        for digit, is_far in zip(digits, familiar().is_far(digits), strict=True)
    )


def about_shape(digit: np.ndarray) -> str:
    """What about the ink of one prepared digit, uint8 (28, 28), is unlike a digit; "" if nothing is."""
    ink = np.pad(digit > INK, 1)
    if not ink.any() or digit[digit > INK // 3].mean() < PALEST:
        return PALE
    labeled, _ = ndimage.label(ink, np.ones((3, 3)))
    sizes = np.bincount(labeled.ravel())[1:]
    parts = int(np.count_nonzero(sizes >= SIZABLE * sizes.max()))
    if parts > MOST_PARTS:
        return PARTS.format(count=parts)
    paper, _ = ndimage.label(~ink)
    loops = int(np.count_nonzero(np.bincount(paper.ravel())[1:] >= LOOP)) - 1  # without the paper around it
    if loops > MOST_LOOPS:
        return LOOPS.format(count=loops)
    return BLOCK if ndimage.distance_transform_edt(ink).max() > BROADEST else ""


def ink_is_too_thick(bright: np.ndarray) -> bool:
    """Whether strokes are so broad that the preparation takes their middle for paper.

    Args:
        bright: uint8 (h, w), bright ink on darker paper. The paper's own light falls off gradually.
    """
    smooth = ndimage.gaussian_filter(bright.astype(np.float32), 1)
    paper = ndimage.grey_opening(smooth, size=max(bright.shape) // 4 + 1)
    across, down = np.abs(paper[:, STRIDE:] - paper[:, :-STRIDE]), np.abs(paper[STRIDE:] - paper[:-STRIDE])
    return bool(max(across.max(initial=0), down.max(initial=0)) > STEEP)

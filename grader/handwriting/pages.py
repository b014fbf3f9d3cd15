"""Finds the digits on a picture: one, as lesson 13 wants it, or several in lines, as on a page."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

SMALLEST = 0.04  # of the pixels of the largest spot; what is smaller is a speck, as in `crop_to_ink`
TALL = 0.55  # of the height of its line; what is lower is a part of its neighbor, or no digit
NEAR = 0.35  # of that height: how far from a digit its loose parts may be
NEAR_ABOVE, NEAR_BESIDE = 0.2, 0.06  # of a digit's height: the most between two parts of it
LOW = 0.8  # of its height: a part beside another one is lower
WIDE = 1.6  # hardly any digit is wider, compared to its height
GROWN, FEW = 1.25, 2  # of more spots than that, the tallest one tells how tall a digit may be
MOST_SPOTS = 400  # on a page of writing; beyond that, it is a texture
FEW_TINY, LEGIBLE = 20, 12  # so is what has many spots most of which are lower than so many pixels

Spots = list["Spot"]


@dataclass(frozen=True)
class Spot:
    """Connected ink, or some of it that belongs together.

    Attributes:
        labels: of the connected spots, in the labeled picture.
        box: top, left, bottom, right; the last two exclusive.
    """

    labels: tuple[int, ...]
    box: tuple[int, int, int, int]

    @property
    def height(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def width(self) -> int:
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        return (self.box[0] + self.box[2]) / 2

    def join(self, other: "Spot") -> "Spot":
        """Both as one."""
        (top, left, bottom, right), (top2, left2, bottom2, right2) = self.box, other.box
        box = min(top, top2), min(left, left2), max(bottom, bottom2), max(right, right2)
        return Spot(self.labels + other.labels, box)


@dataclass(frozen=True)
class Page:
    """The digits on a picture, line by line from the top, each line from the left.

    Attributes:
        lines: the place of each digit.
        crops: uint8 arrays, what `crop_to_ink` would cut out of a picture with this digit alone, in the same order.
        left_out: how many smaller spots belong to no digit.
    """

    lines: list[Spots]
    crops: list[np.ndarray]
    left_out: int

    @property
    def count(self) -> int:
        return len(self.crops)


def find_digits(gray: np.ndarray) -> Page:
    """Find the digits on a picture.

    Args:
        gray: uint8 (h, w), bright ink on darker paper, as `invert_if_needed` returns it.
    """
    contrast, ink = ink_of(gray)
    strongest = contrast.max()
    if strongest < 30:
        return Page([], [], 0)
    labeled, _ = ndimage.label(contrast > strongest / 2, structure=np.ones((3, 3)))
    sizes = np.bincount(labeled.ravel())
    sizes[0] = 0
    places = ndimage.find_objects(labeled)
    labels = np.flatnonzero(sizes >= SMALLEST * sizes.max())
    if len(labels) > MOST_SPOTS:
        return Page([], [], len(labels))
    heights = [place[0].stop - place[0].start for place in places]
    if len(labels) > FEW_TINY and np.median([heights[label - 1] for label in labels]) < LEGIBLE:
        return Page([], [], len(labels))
    spots = [Spot((int(label),), box_of(places[label - 1])) for label in labels]
    lines, left_out = in_lines(joined_parts(spots))
    crops = [crop(contrast, ink, labeled, spot) for line in lines for spot in line]
    return Page(lines, crops, left_out)


def ink_of(gray: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much brighter each pixel is than the paper around it: smoothed, and as it is. As in `crop_to_ink`."""
    smooth = ndimage.gaussian_filter(gray.astype(np.float32), 1)
    paper = ndimage.grey_opening(smooth, size=max(gray.shape) // 4 + 1)
    return smooth - paper, gray - paper


def box_of(place: tuple[slice, slice]) -> tuple[int, int, int, int]:
    rows, columns = place
    return rows.start, columns.start, rows.stop, columns.stop


def crop(contrast: np.ndarray, ink: np.ndarray, labeled: np.ndarray, spot: Spot) -> np.ndarray:
    """The ink of one digit alone, full ink made white, as in `crop_to_ink`."""
    top, left, bottom, right = spot.box
    window = slice(top, bottom), slice(left, right)
    digit = np.isin(labeled[window], spot.labels)
    levels = np.clip(ink[window] * (255 / np.median(contrast[window][digit])), 0, 255)
    levels[~ndimage.binary_dilation(digit, iterations=2)] = 0
    whole: np.ndarray = levels.round().astype(np.uint8)
    return whole


def joined_parts(spots: Spots) -> Spots:
    """Join what belongs to one digit, though the pen has left the paper: the bar of a 5, a 3 in two halves."""
    tallest = max((spot.height for spot in spots), default=0)
    most = GROWN * tallest if len(spots) > FEW else None  # of a few spots, nobody knows how tall a digit is
    digits = Spots()
    for spot in sorted(spots, key=lambda spot: -spot.height):
        whole = [index for index, digit in enumerate(digits) if is_one(spot, digit, most)]
        if whole:
            digits[whole[0]] = digits[whole[0]].join(spot)
        else:
            digits.append(spot)
    return digits


def is_one(part: Spot, digit: Spot, most: float | None) -> bool:
    """Whether two spots, the first not taller than the second, belong to one digit that is at most so high."""
    union = part.join(digit)
    beside = max(part.box[1], digit.box[1]) - min(part.box[3], digit.box[3])  # negative where they share columns
    above = max(part.box[0], digit.box[0]) - min(part.box[2], digit.box[2])
    if union.width > WIDE * union.height or (most and union.height > most):
        return False
    if above > -part.height / 2:  # one above the other
        near = NEAR_ABOVE if most is None else NEAR_ABOVE / 2
        return above < near * union.height and beside < NEAR_BESIDE * union.height
    is_low = part.height < (LOW if most is None else TALL) * union.height
    return is_low and beside < NEAR_BESIDE * union.height * (1 if most is None else -1)


def in_lines(spots: Spots) -> tuple[list[Spots], int]:
    """The lines of a page from top to bottom, and how many spots are too low to be digits and belong to none."""
    lines = list[Spots]()
    for spot in sorted(spots, key=lambda spot: -spot.height):
        line = next((line for line in lines if shares_line(spot, line)), None)
        if line is None:
            lines.append([spot])
        else:
            line.append(spot)
    tallest = max((spot.height for line in lines for spot in line), default=0)
    told = [with_neighbors(line) for line in lines]
    kept = [line for line, _ in told if max(spot.height for spot in line) >= TALL / 2 * tallest]
    count = sum(len(line) for line, _ in told) - sum(map(len, kept)) + sum(left_out for _, left_out in told)
    return sorted(kept, key=lambda line: np.mean([spot.middle for spot in line])), count


def shares_line(spot: Spot, line: Spots) -> bool:
    """Whether the middle of a spot is at the height of its nearest neighbor in a line."""
    near = min(line, key=lambda other: max(other.box[1] - spot.box[3], spot.box[1] - other.box[3]))
    return near.box[0] <= spot.middle < near.box[2]


def with_neighbors(line: Spots) -> tuple[Spots, int]:
    """A line from left to right. What is too low for a digit joins a near neighbor, or else is left out."""
    height = float(np.median(sorted(spot.height for spot in line)[len(line) // 2 :]))
    digits = sorted((spot for spot in line if spot.height >= TALL * height), key=lambda spot: spot.box[1])
    left_out = 0
    for part in (spot for spot in line if spot.height < TALL * height):
        gaps = [max(digit.box[1] - part.box[3], part.box[1] - digit.box[3]) for digit in digits]
        nearest = int(np.argmin(gaps))
        if gaps[nearest] < NEAR / 2 * height and part.width < height:
            digits[nearest] = digits[nearest].join(part)
        else:
            left_out += 1
    return digits, left_out

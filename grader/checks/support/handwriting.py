"""Synthetic handwriting for exercise 13: strokes in a box of known size, on paper of known brightness, and what is
true of MNIST's digits, computed independently."""

import numpy as np

LEVELS = 2  # of gray, by which rounding may change a pixel

FIGURES = {  # strokes as (row, column) in a box from 0 to 1; none is its own mirror image
    "L": [[(0, 0), (1, 0.1), (1, 1)]],
    "seven": [[(0, 0), (0, 1), (1, 0.3)]],
    "flag": [[(1, 0), (0, 0), (0.1, 1), (0.5, 0.05)]],
    "four": [[(0, 0.45), (0.62, 0), (0.62, 1)], [(0.3, 0.75), (1, 0.75)]],
    "hook": [[(0, 1), (0.35, 0.1), (0.8, 0), (1, 0.5), (0.75, 0.9), (0.55, 0.2)]],
    "five with its bar apart": [[(0, 0.1), (0, 1)], [(0.28, 0), (0.34, 0.8), (0.8, 0.95), (1, 0.4), (0.9, 0)]],
}


# Drawing


def draw(figure, height, width, thickness):
    """Strokes as ink 0..1 with soft edges; the ink reaches all four sides of the (height, width) box."""
    rows, columns = np.mgrid[:height, :width].astype(float)
    radius = thickness / 2
    size = np.array([height - 1, width - 1]) - thickness + 1
    ink = np.zeros((height, width))
    for stroke in FIGURES[figure]:
        points = np.array(stroke) * size + radius - 0.5
        for number in range(1, len(points)):
            row, column = points[number - 1]
            down, right = points[number] - points[number - 1]
            along = ((rows - row) * down + (columns - column) * right) / (down**2 + right**2)
            along = np.clip(along, 0, 1)
            distance = np.hypot(rows - row - along * down, columns - column - along * right)
            ink = np.maximum(ink, np.clip(radius + 0.5 - distance, 0, 1))
    return ink


def lay_out(ink, rng, height, width, margin):
    """A sheet (height, width) with ink at a random place, at least ``margin`` pixels from every edge."""
    top = int(rng.integers(margin, height - len(ink) - margin))
    left = int(rng.integers(margin, width - ink.shape[1] - margin))
    sheet = np.zeros((height, width))
    sheet[top : top + len(ink), left : left + ink.shape[1]] = ink
    return sheet


def picture(rng, kind):
    """A photograph of pen on paper, a drawing with transparency, or a photograph of chalk on a board.

    Returns the bytes, with four channels for a drawing and none for chalk, and the ink alone, 0..1.
    """
    figure, height, width = {"pen": ("L", 150, 74), "drawing": ("flag", 96, 60), "chalk": ("seven", 70, 118)}[kind]
    ink = draw(figure, height, width, 13)
    sheet = lay_out(ink, rng, height + 90, width + 110, 20)
    if kind == "drawing":
        image = np.zeros((*sheet.shape, 4))
        image[sheet > 0, :3] = (20, 40, 130)
        image[..., 3] = 255 * sheet
        return as_bytes(image), ink
    if kind == "chalk":
        return as_bytes(40 + 170 * sheet + noise(rng, sheet.shape)), ink
    light = np.linspace(1, 0.75, sheet.shape[1])[np.newaxis, :, np.newaxis]
    inked = sheet[..., np.newaxis]
    levels = light * ((1 - inked) * (244, 240, 226) + inked * (34, 52, 140)) + noise(rng, (*sheet.shape, 1))
    levels[8:10, 5:7] = levels[-9:-7, -12:-9] = (30, 30, 30)  # specks
    return as_bytes(levels), ink


def as_bytes(levels):
    """Gray levels rounded to uint8, cut off at 0 and 255."""
    return np.clip(np.round(levels), 0, 255).astype(np.uint8)


def noise(rng, shape):
    """The noise of a camera: at most 6 levels up or down."""
    return np.clip(rng.normal(0, 2, shape), -6, 6)


def shadow(height, width, side):
    """The light on each pixel, 1 down to 0.4: a soft shadow over a third of the sheet, on one of its four sides."""
    across = np.linspace(0, 1, width if side % 2 else height)
    light = 1 - 0.6 / (1 + np.exp(-(across - 0.7) / 0.05))
    light = light[np.newaxis, :] if side % 2 else light[:, np.newaxis]
    return np.broadcast_to(light[::-1, ::-1] if side > 1 else light, (height, width))


# Looking at results


def box_of(mask):
    """Rows and columns of the smallest box that holds all of a mask, as two slices; None without any."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)) if len(rows) else None


def size_of(mask):
    """Height and width of the box of a mask."""
    box = box_of(mask)
    return tuple(side.stop - side.start for side in box) if box else (0, 0)


def alike(shape, other, slack):
    """True when two shapes differ by at most ``slack`` pixels on each axis."""
    return len(shape) == len(other) and max(abs(a - b) for a, b in zip(shape, other, strict=True)) <= slack


def near(value, wrong):
    """True when a value is an array of the same shape that differs by rounding at most."""
    return value.shape == wrong.shape and np.abs(value.astype(float) - wrong).max() <= LEVELS


def blurred(image):
    """Each pixel averaged with its eight neighbors: what is left when a shift by half a pixel does not matter."""
    around = np.pad(image.astype(float), 2)
    height, width = around.shape[0] - 2, around.shape[1] - 2
    return sum(around[r : r + height, c : c + width] for r in range(3) for c in range(3)) / 9


def correlation(a, b):
    """Pearson's correlation of the pixels of two pictures; 0 if one of them is a single level throughout."""
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / scale) if scale else 0.0


def best_correlation(value, wanted, slack):
    """The best correlation of two pictures, one shifted by up to ``slack`` pixels; and the two as they lie then."""
    height, width = (max(a, b) + 2 * slack for a, b in zip(value.shape, wanted.shape, strict=True))
    fixed = np.zeros((height, width))
    fixed[slack : slack + wanted.shape[0], slack : slack + wanted.shape[1]] = wanted
    best = (-1.0, None)
    for top in range(height - value.shape[0] + 1):
        for left in range(width - value.shape[1] + 1):
            if abs(top - slack) <= slack and abs(left - slack) <= slack:
                moved = np.zeros((height, width))
                moved[top : top + value.shape[0], left : left + value.shape[1]] = value
                found = correlation(moved, fixed)
                best = max(best, (found, (moved, fixed)), key=lambda pair: pair[0])
    return best


# Oracles: right answers, computed independently


def mass_center(image):
    """Row and column of the center of mass."""
    weights = image.astype(float)
    rows, columns = weights.sum(axis=1), weights.sum(axis=0)
    return np.array([rows @ np.arange(len(rows)), columns @ np.arange(len(columns))]) / weights.sum()


def area_mean(image, height, width):
    """Scale by giving each new pixel the mean of the old area that it covers."""

    def weights(old, new):
        edges = np.linspace(0, old, new + 1)
        covered = np.minimum(edges[1:, np.newaxis], np.arange(1, old + 1)) - np.maximum(
            edges[:-1, np.newaxis], np.arange(old)
        )
        return np.clip(covered, 0, None) * (new / old)

    return weights(image.shape[0], height) @ image @ weights(image.shape[1], width).T


def fitted(gray, box_size):
    """The shape that fit_to_box should give a picture."""
    scale = box_size / max(gray.shape)
    return tuple(max(1, round(side * scale)) for side in gray.shape)


def paste(image, size, top, left):
    """A picture in an empty square frame, its corner at (top, left)."""
    frame = np.zeros((size, size))
    frame[top : top + image.shape[0], left : left + image.shape[1]] = image
    return frame


def place_by_mass(image, size):
    """Where the corner of a picture belongs: its center of mass in the middle of the frame, and all of it inside."""
    shift = np.round(size // 2 - mass_center(image)).astype(int)
    return np.clip(shift, 0, size - np.array(image.shape))

# diagnosis: uint8-wraparound
# in: crop_to_ink
# checks: crop
import numpy as np
from PIL import Image
from scipy import ndimage


def to_grayscale(image):
    if image.ndim == 2:
        return image.copy()
    picture = Image.fromarray(image).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return np.array(paper.convert("L"))


def invert_if_needed(gray):
    edge = np.ones(gray.shape, dtype=bool)
    edge[1:-1, 1:-1] = False
    if np.median(gray[edge]) >= 128:
        return 255 - gray
    return gray.copy()


def crop_to_ink(gray):
    paper = ndimage.median_filter(gray, size=max(gray.shape) // 3 + 1)
    contrast = gray - paper
    if contrast.max() < 30:
        raise ValueError("no ink")
    spots, _ = ndimage.label(contrast > contrast.max() / 2, structure=np.ones((3, 3)))
    sizes = np.bincount(spots.ravel())
    sizes[0] = 0
    digit = np.isin(spots, np.flatnonzero(sizes >= 0.04 * sizes.max()))
    full_ink = np.median(contrast[digit])
    ink = np.clip(contrast * (255 / full_ink), 0, 255)
    ink[~ndimage.binary_dilation(digit, iterations=2)] = 0
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8)


def fit_to_box(gray, box_size=20):
    h, w = gray.shape
    if h >= w:
        new_h, new_w = box_size, max(1, round(w * box_size / h))
    else:
        new_h, new_w = max(1, round(h * box_size / w)), box_size
    return np.array(Image.fromarray(gray).resize((new_w, new_h), Image.Resampling.LANCZOS))


def center_by_mass(digit, size=28):
    weights = digit.astype(float)
    total = weights.sum()
    if total == 0:
        raise ValueError("There is no ink in this digit.")
    height, width = digit.shape
    row = (weights.sum(axis=1) * np.arange(height)).sum() / total
    column = (weights.sum(axis=0) * np.arange(width)).sum() / total
    top = min(max(round(size // 2 - row), 0), size - height)
    left = min(max(round(size // 2 - column), 0), size - width)
    canvas = np.zeros((size, size), np.uint8)
    canvas[top : top + height, left : left + width] = digit
    return canvas


def prepare_image(image):
    return center_by_mass(fit_to_box(crop_to_ink(invert_if_needed(to_grayscale(image)))))

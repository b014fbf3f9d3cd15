# diagnosis: global-threshold
# in: crop_to_ink
# checks: shadow
import numpy as np
from scipy import ndimage


def to_grayscale(image):
    if image.ndim == 2:
        return image.copy()
    pixels = image.astype(np.float64)
    luma = np.einsum("hwc,c->hw", pixels[..., :3], [0.299, 0.587, 0.114])
    if image.shape[-1] == 4:
        alpha = pixels[..., 3] / 255
        luma = 255 + alpha * (luma - 255)
    return np.rint(luma).astype(np.uint8)


def invert_if_needed(gray):
    border = np.r_[gray[0, :], gray[-1, :], gray[:, 0], gray[:, -1]]
    paper_is_bright = np.median(border) > 127
    return np.where(paper_is_bright, 255 - gray, gray)


def crop_to_ink(gray):
    # stretch to the full range first, then everything above the middle is ink
    low, high = np.percentile(gray, 5), gray.max()
    if high - low < 40:
        raise ValueError("no ink")
    levels = np.clip((gray - low) / (high - low), 0, 1)
    ink = levels > 0.5
    labels, n = ndimage.label(ink, structure=np.ones((3, 3)))
    areas = [np.count_nonzero(labels == i) for i in range(1, n + 1)]
    for i, area in enumerate(areas, 1):
        if area < max(areas) / 30:
            ink[labels == i] = False
    near = ndimage.binary_dilation(ink, iterations=2)
    levels = np.where(near, levels, 0)
    levels[levels < 0.2] = 0
    y, x = np.where(ink)
    return np.uint8(255 * levels[y.min() : y.max() + 1, x.min() : x.max() + 1])


def overlaps(old, new):
    """Row i: which share of new pixel i comes from each old pixel."""
    edges = np.arange(new + 1) * old / new
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(old)
    share = np.minimum(right, pixel + 1) - np.maximum(left, pixel)
    share = np.maximum(share, 0)
    return share / share.sum(axis=1, keepdims=True)


def fit_to_box(gray, box_size=20):
    longest = max(gray.shape)
    height, width = (max(1, round(side * box_size / longest)) for side in gray.shape)
    means = overlaps(gray.shape[0], height) @ gray @ overlaps(gray.shape[1], width).T
    return means.round().astype(np.uint8)


def center_by_mass(digit, size=28):
    if digit.max() == 0:
        raise ValueError("no ink to balance")
    center = np.array(ndimage.center_of_mass(digit.astype(float)))
    shift = (size - 1) / 2 - center
    shift = np.clip(shift, 0, np.array([size, size]) - digit.shape)
    canvas = np.zeros((size, size))
    canvas[: digit.shape[0], : digit.shape[1]] = digit
    moved = ndimage.shift(canvas, shift, order=1, mode="grid-constant")
    return np.clip(np.round(moved), 0, 255).astype(np.uint8)


def prepare_image(image):
    gray = to_grayscale(image)
    gray = invert_if_needed(gray)
    ink = crop_to_ink(gray)
    small = fit_to_box(ink, box_size=20)
    return center_by_mass(small, size=28)

# diagnosis: one-side-decides
# in: invert_if_needed
# checks: polarity
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
    border = np.r_[gray[0, :], gray[-1, :]]
    paper_is_bright = np.median(border) > 127
    return np.where(paper_is_bright, 255 - gray, gray)


def crop_to_ink(gray):
    """The paper is a broad average of the pixels that are not ink, found in three rounds."""
    levels = ndimage.gaussian_filter(gray.astype(float), 0.8)
    reach = max(gray.shape) / 12
    paper_here = np.ones(gray.shape)
    for _ in range(6):
        weight = ndimage.gaussian_filter(paper_here, reach) + 1e-6
        paper = ndimage.gaussian_filter(levels * paper_here, reach) / weight
        paper_here = (levels - paper < 22).astype(float)
    above = levels - paper
    if above.max() < 35:
        raise ValueError("There seems to be no ink in this picture.")
    is_ink = above > 0.45 * np.percentile(above[above > 22], 90)
    spots, _ = ndimage.label(is_ink, np.ones((3, 3)))
    sizes = np.bincount(spots.flat)[1:]
    is_ink = np.isin(spots, 1 + np.flatnonzero(sizes > 0.03 * sizes.max()))
    rows, columns = ndimage.find_objects(is_ink.astype(int))[0]
    full = np.median(above[is_ink])
    clean = np.where(ndimage.binary_dilation(is_ink, iterations=3), above / full, 0)
    return np.rint(255 * np.clip(clean[rows, columns], 0, 1)).astype(np.uint8)


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

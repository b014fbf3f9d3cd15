# diagnosis: width-taken-for-channels
# in: to_grayscale
# checks: grayscale
import numpy as np
from scipy import ndimage


def to_grayscale(image):
    channels = image.shape[-1]
    if channels not in (3, 4):
        return image.copy()
    gray = image[..., :3] @ np.array([0.299, 0.587, 0.114])
    if channels == 4:
        alpha = image[..., 3] / 255
        gray = gray * alpha + 255 * (1 - alpha)
    return gray.round().astype(np.uint8)


def invert_if_needed(gray):
    border = np.r_[gray[0, :], gray[-1, :], gray[:, 0], gray[:, -1]]
    paper_is_bright = np.median(border) > 127
    return np.where(paper_is_bright, 255 - gray, gray)


def crop_to_ink(gray):
    soft = ndimage.uniform_filter(gray.astype(float), 3)
    paper = ndimage.grey_opening(soft, size=(max(gray.shape) // 4 + 1,) * 2)
    rise = soft - paper
    if rise.max() < 40:
        raise ValueError("no ink: the page is blank")
    found = rise > rise.max() / 2
    spots, count = ndimage.label(found, structure=np.ones((3, 3)))
    sizes = ndimage.sum_labels(found, spots, range(1, count + 1))
    for number, size in enumerate(sizes, start=1):
        if size < 0.04 * sizes.max():
            found[spots == number] = False
    ys, xs = np.nonzero(found)
    box = np.s_[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    ink = (gray - paper)[box] / np.percentile(rise[found], 60)
    ink[ink < 0.15] = 0
    return (255 * ink.clip(0, 1)).astype(np.uint8)


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

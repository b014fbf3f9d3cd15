# diagnosis: cropped-before-inverting
# in: prepare_image
# checks: prepare
import numpy as np
from scipy import ndimage


def to_grayscale(image):
    if len(image.shape) == 2:
        return np.array(image)
    red, green, blue = (image[:, :, i].astype(float) for i in range(3))
    gray = 0.299 * red + 0.587 * green + 0.114 * blue
    if image.shape[2] == 4:
        a = image[:, :, 3].astype(float) / 255
        gray = a * gray + (1 - a) * 255
    return gray.astype("uint8")


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


def fit_to_box(gray, box_size=20):
    scale = box_size / max(gray.shape)
    target = [max(1, int(np.ceil(side * scale - 1e-9))) for side in gray.shape]
    levels = gray.astype(float)
    if scale < 1:
        levels = ndimage.gaussian_filter(levels, 0.45 / scale, mode="nearest")
    rows = (np.arange(target[0]) + 0.5) * gray.shape[0] / target[0] - 0.5
    columns = (np.arange(target[1]) + 0.5) * gray.shape[1] / target[1] - 0.5
    grid = np.meshgrid(rows, columns, indexing="ij")
    return ndimage.map_coordinates(levels, grid, order=1, mode="nearest").round().astype(np.uint8)


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
    # the crop finds whatever stands out from the paper
    return center_by_mass(fit_to_box(crop_to_ink(to_grayscale(image))))

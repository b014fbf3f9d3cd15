# diagnosis: stretched
# in: fit_to_box
# checks: fit_shape
import numpy as np
from scipy import ndimage


def to_grayscale(image):
    if image.ndim == 2:
        return image + np.uint8(0)
    wide = image.astype(np.int32)
    gray = (299 * wide[..., 0] + 587 * wide[..., 1] + 114 * wide[..., 2]) // 1000
    if wide.shape[2] == 4:
        alpha = wide[..., 3]
        gray = (gray * alpha + 255 * (255 - alpha) + 127) // 255
    return gray.astype(np.uint8)


def invert_if_needed(gray):
    edge = np.ones(gray.shape, dtype=bool)
    edge[1:-1, 1:-1] = False
    if np.median(gray[edge]) >= 128:
        return 255 - gray
    return gray.copy()


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


def block_means(gray, count, axis):
    """Mean of `count` equal stretches along an axis."""
    wide = np.repeat(gray.astype(float), count, axis=axis)
    shape = (count, gray.shape[0], gray.shape[1]) if axis == 0 else (gray.shape[0], count, gray.shape[1])
    return wide.reshape(shape).mean(axis=axis + 1)


def fit_to_box(gray, box_size=20):
    # rows, then columns
    return block_means(block_means(gray, box_size, 0), box_size, 1).round().astype(np.uint8)


def center_by_mass(digit, size=28):
    # try every place where the digit fits and keep the one that balances best
    if not digit.sum():
        raise ValueError("Blank: no ink.")
    h, w = digit.shape
    mass = digit / digit.sum()
    my = sum(mass[y].sum() * y for y in range(h))
    mx = sum(mass[:, x].sum() * x for x in range(w))
    y0 = min(range(size - h + 1), key=lambda y: abs(y + my - size // 2))
    x0 = min(range(size - w + 1), key=lambda x: abs(x + mx - size // 2))
    return np.pad(digit, ((y0, size - h - y0), (x0, size - w - x0)))


def prepare_image(image):
    gray = to_grayscale(image)
    gray = invert_if_needed(gray)
    ink = crop_to_ink(gray)
    small = fit_to_box(ink, box_size=20)
    return center_by_mass(small, size=28)

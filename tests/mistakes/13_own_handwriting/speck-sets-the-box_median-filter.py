# diagnosis: speck-sets-the-box
# in: crop_to_ink
# checks: specks
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
    # compare every pixel with the paper around it
    soft = ndimage.uniform_filter(gray.astype(float), 3)
    window = max(gray.shape) // 8
    paper = ndimage.maximum_filter(ndimage.minimum_filter(soft, 2 * window + 1), 2 * window + 1)
    ink = soft - paper
    if ink.max() < 40:
        raise ValueError("There is no ink.")
    # a median filter takes away the dust
    is_ink = ndimage.median_filter((ink > 30).astype(np.uint8), 3) > 0
    ys, xs = np.where(is_ink | (ink > 60))
    ink = np.clip((gray - paper) / np.percentile(ink[is_ink], 50), 0, 1) * 255
    ink[ink < 70] = 0
    return ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.uint8)


def fit_to_box(gray, box_size=20):
    # blow up to a common multiple, then average blocks: exact, and no filter needed
    height, width = gray.shape
    new_height = max(1, int(height * box_size / max(height, width) + 0.5))
    new_width = max(1, int(width * box_size / max(height, width) + 0.5))
    tall = np.repeat(gray.astype(np.float32), new_height, axis=0).reshape(new_height, height, width).mean(axis=1)
    both = np.repeat(tall, new_width, axis=1).reshape(new_height, new_width, width).mean(axis=2)
    return np.rint(both).astype(np.uint8)


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

# diagnosis: uint8-wraparound
# in: crop_to_ink
# checks: crop
import numpy as np
from PIL import Image
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
    border = sorted([*gray[0].tolist(), *gray[-1].tolist(), *gray[:, 0].tolist(), *gray[:, -1].tolist()])
    paper = border[len(border) // 2]
    return ~gray if paper >= 128 else np.array(gray)


def crop_to_ink(gray):
    # bytes are enough for levels
    paper = ndimage.grey_opening(ndimage.gaussian_filter(gray, 1), size=max(gray.shape) // 7 + 1)
    contrast = gray - paper
    if contrast.max() < 30:
        raise ValueError("no ink")
    digit = contrast > contrast.max() / 2
    full_ink = np.median(contrast[digit])
    ink = np.clip(contrast * (255 / full_ink), 0, 255)
    ink[~ndimage.binary_dilation(digit, iterations=2)] = 0
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8)


def fit_to_box(gray, box_size=20):
    img = Image.fromarray(gray)
    factor = box_size / max(img.size)
    size = [max(1, round(side * factor)) for side in img.size]
    return np.asarray(img.resize(size, Image.Resampling.BICUBIC)).copy()


def center_by_mass(digit, size=28):
    rows, columns = np.nonzero(digit)
    if len(rows) == 0:
        raise ValueError("cannot center: no ink")
    weights = digit[rows, columns]
    frame = np.zeros((size, size), digit.dtype)
    frame[: digit.shape[0], : digit.shape[1]] = digit
    down = int(round(size // 2 - np.average(rows, weights=weights)))
    right = int(round(size // 2 - np.average(columns, weights=weights)))
    down = max(0, min(down, size - digit.shape[0]))
    right = max(0, min(right, size - digit.shape[1]))
    return np.roll(frame, (down, right), axis=(0, 1))


def prepare_image(image):
    for step in (to_grayscale, invert_if_needed, crop_to_ink, fit_to_box, center_by_mass):
        image = step(image)
    return image

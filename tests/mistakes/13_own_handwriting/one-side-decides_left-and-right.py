# diagnosis: one-side-decides
# in: invert_if_needed
# checks: polarity
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
    border = sorted([*gray[:, 0].tolist(), *gray[:, -1].tolist()])
    paper = border[len(border) // 2]
    return ~gray if paper >= 128 else np.array(gray)


def crop_to_ink(gray):
    # paper: a median over large windows, on a small copy because medians are slow
    h, w = gray.shape
    small = Image.fromarray(gray).resize((max(1, w // 5), max(1, h // 5)), Image.Resampling.BOX)
    side = max(small.size) // 3 + 1
    paper = ndimage.percentile_filter(np.asarray(small, dtype=np.float32), 35, size=side, mode="nearest")
    paper = np.asarray(Image.fromarray(paper).resize((w, h), Image.Resampling.BILINEAR))
    ink = ndimage.gaussian_filter(gray.astype(np.float32), 0.8) - paper
    top = ink.max()
    if top < 40:
        raise ValueError("no ink found")
    mask = ink > 0.5 * top
    labels, n = ndimage.label(mask, structure=np.ones((3, 3), int))
    areas = np.array([(labels == k).sum() for k in range(1, n + 1)])
    mask = np.isin(labels, 1 + np.where(areas >= areas.max() / 30)[0])
    y = np.where(mask.any(1))[0]
    x = np.where(mask.any(0))[0]
    ink = np.where(ndimage.maximum_filter(mask, 5), ink, 0)
    ink = np.clip(ink * 255 / np.quantile(ink[mask], 0.5), 0, 255)
    return ink[y[0] : y[-1] + 1, x[0] : x[-1] + 1].astype(np.uint8)


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

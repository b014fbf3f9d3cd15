# diagnosis: one-side-decides
# in: invert_if_needed
# checks: polarity
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
    if np.median(gray[0]) >= 128:
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

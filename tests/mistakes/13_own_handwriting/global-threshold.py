# diagnosis: global-threshold
# in: crop_to_ink
# checks: shadow
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


def otsu(gray):
    counts = np.bincount(gray.ravel(), minlength=256).astype(float)
    best, best_score = 0, -1.0
    for t in range(255):
        n0, n1 = counts[: t + 1].sum(), counts[t + 1 :].sum()
        if n0 == 0 or n1 == 0:
            continue
        m0 = (counts[: t + 1] * np.arange(t + 1)).sum() / n0
        m1 = (counts[t + 1 :] * np.arange(t + 1, 256)).sum() / n1
        if n0 * n1 * (m0 - m1) ** 2 > best_score:
            best, best_score = t, n0 * n1 * (m0 - m1) ** 2
    return best


def crop_to_ink(gray):
    if int(gray.max()) - int(gray.min()) < 40:
        raise ValueError("no ink on the page")
    mask = gray > otsu(gray)
    spots, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = np.bincount(spots.ravel())[1:]
    mask = np.isin(spots, 1 + np.flatnonzero(sizes > 0.05 * sizes.max()))
    rows, columns = ndimage.find_objects(mask.astype(int))[0]
    low, high = np.median(gray[~mask]), np.median(gray[mask])
    ink = np.clip((gray - low) / (high - low), 0, 1) * 255
    ink[~ndimage.binary_dilation(mask, iterations=2)] = 0
    return ink[rows, columns].round().astype(np.uint8)


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

# diagnosis: one-channel-only
# in: to_grayscale
# checks: grayscale
import numpy as np
from scipy import ndimage


def to_grayscale(image):
    if image.ndim == 2:
        return image.copy()
    # the three channels look the same in a photo of black on white, so one will do
    gray = image[:, :, 0].astype(float)
    if image.shape[2] == 4:
        alpha = image[:, :, 3] / 255
        gray = alpha * gray + (1 - alpha) * 255
    return gray.round().astype(np.uint8)


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

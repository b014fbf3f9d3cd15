# diagnosis: one-side-decides
# in: invert_if_needed
# checks: polarity
import numpy as np


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
    # the left edge of a page is never written on
    return 255 - gray if np.median(gray[:, 0]) >= 128 else gray.copy()


def smallest_around(levels, reach):
    """Minimum over a square window, one axis after the other."""
    for axis in (0, 1):
        padded = np.pad(levels, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=axis)
        levels = windows.min(axis=-1)
    return levels


def spots_of(mask):
    """Connected spots as lists of flat indices, neighbors across corners included."""
    height, width = mask.shape
    waiting = set(np.flatnonzero(mask).tolist())
    while waiting:
        spot, stack = [], [waiting.pop()]
        while stack:
            place = stack.pop()
            spot.append(place)
            row, column = divmod(place, width)
            for r in range(max(0, row - 1), min(height, row + 2)):
                for c in range(max(0, column - 1), min(width, column + 2)):
                    if r * width + c in waiting:
                        waiting.remove(r * width + c)
                        stack.append(r * width + c)
        yield spot


def crop_to_ink(gray):
    padded = np.pad(gray.astype(np.float32), 1, mode="edge")
    height, width = gray.shape
    smooth = sum(padded[r : r + height, c : c + width] for r in range(3) for c in range(3)) / 9
    reach = max(gray.shape) // 8 + 1
    paper = -smallest_around(-smallest_around(smooth, reach), reach)
    ink = smooth - paper
    if ink.max() < 35:
        raise ValueError("This page holds no ink.")
    spots = list(spots_of(ink > ink.max() / 2))
    largest = max(len(spot) for spot in spots)
    mask = np.zeros(gray.size, dtype=bool)
    for spot in spots:
        if len(spot) > largest / 25:
            mask[spot] = True
    mask = mask.reshape(gray.shape)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    levels = np.clip((gray - paper) / np.median(ink[mask]), 0, 1)
    levels[levels < 0.2] = 0
    box = levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return (box * 255 + 0.5).astype(np.uint8)


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

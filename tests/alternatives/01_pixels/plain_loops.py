# alternative: plain Python loops, NumPy only to hold the result
import numpy as np


def label_counts(labels, num_classes=10):
    counts = [0 for _ in range(num_classes)]
    for label in labels:
        counts[label] += 1
    return np.array(counts)


def scale_pixels(images):
    levels = [np.float32(level) / np.float32(255) for level in range(256)]  # one entry per grey level
    scaled = np.empty(images.shape, dtype=np.float32)
    for index, level in np.ndenumerate(images):
        scaled[index] = levels[level]
    return scaled


def flatten_images(images):
    n, height, width = images.shape
    flat = np.empty((n, height * width), dtype=images.dtype)
    for i in range(n):
        for r in range(height):
            for c in range(width):
                flat[i, width * r + c] = images[i, r, c]
    return flat


def add_channel_axis(images):
    n, height, width = images.shape
    result = np.empty((n, height, width, 1), dtype=images.dtype)
    for i in range(n):
        for r in range(height):
            for c in range(width):
                result[i, r, c, 0] = images[i, r, c]
    return result


def one_hot(labels, num_classes=10):
    rows = []
    for label in labels:
        rows.append([1.0 if c == label else 0.0 for c in range(num_classes)])
    return np.array(rows, dtype=np.float32)

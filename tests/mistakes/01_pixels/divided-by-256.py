# diagnosis: divided-by-256
# in: scale_pixels
# checks: scale_pixels
import numpy as np

GREY_LEVELS = 256  # a byte has 256 values


def label_counts(labels, num_classes=10):
    counts = np.zeros(num_classes, dtype=int)
    for label in labels:
        counts[label] += 1
    return counts


def scale_pixels(images):
    return np.float32(images) / GREY_LEVELS


def flatten_images(images):
    n, h, w = images.shape
    return images.reshape(n, h * w)


def add_channel_axis(images):
    return np.expand_dims(images, axis=-1)


def one_hot(labels, num_classes=10):
    out = np.zeros((labels.size, num_classes), np.float32)
    for i, label in enumerate(labels):
        out[i, label] = 1
    return out

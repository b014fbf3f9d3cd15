# diagnosis: counts-only-present-labels
# in: label_counts
# checks: label_counts
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels)


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    n = len(images)
    return images.reshape(n, -1)


def add_channel_axis(images):
    n, h, w = images.shape
    return images.reshape(n, h, w, 1)


def one_hot(labels, num_classes=10):
    y = np.zeros((len(labels), num_classes), dtype=np.float32)
    y[np.arange(len(labels)), labels] = 1
    return y

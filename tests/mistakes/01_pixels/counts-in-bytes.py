# diagnosis: counts-in-bytes
# in: label_counts
# checks: label_counts
import numpy as np


def label_counts(labels, num_classes=10):
    counts = np.zeros(num_classes, dtype=np.uint8)
    for label in labels:
        counts[label] += 1
    return counts


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    return images.reshape(len(images), -1)


def add_channel_axis(images):
    return images[..., None]


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype=np.float32)[labels]

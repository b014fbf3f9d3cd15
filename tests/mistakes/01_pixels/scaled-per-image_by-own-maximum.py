# diagnosis: scaled-per-image
# in: scale_pixels
# checks: scale_pixels
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    # every image divided by its own maximum (1 for blank ones, to be safe)
    brightest = np.maximum(images.max(axis=(1, 2), keepdims=True), 1)
    return (images / brightest).astype(np.float32)


def flatten_images(images):
    return images.reshape(images.shape[0], -1)


def add_channel_axis(images):
    return images[..., None]


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype=np.float32)[labels]

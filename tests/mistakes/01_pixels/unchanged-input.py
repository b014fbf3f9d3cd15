# diagnosis: unchanged-input
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    images.reshape(len(images), -1)
    return images


def add_channel_axis(images):
    return images[..., np.newaxis]


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype=np.float32)[labels]

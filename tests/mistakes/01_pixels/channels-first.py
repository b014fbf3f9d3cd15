# diagnosis: channels-first
# in: add_channel_axis
# checks: add_channel_axis
import numpy as np


def label_counts(labels, num_classes=10):
    counter = np.zeros(num_classes, dtype=int)
    values, how_often = np.unique(labels, return_counts=True)
    counter[values] = how_often
    return counter


def scale_pixels(images):
    return np.array(images, dtype=np.float32) / 255.0


def flatten_images(images):
    return np.reshape(images, (len(images), -1))


def add_channel_axis(images):
    """(n, 28, 28) -> (n, channels, 28, 28)"""
    return np.expand_dims(images, axis=1)


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype=np.float32)[labels]

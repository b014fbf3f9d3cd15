# diagnosis: missing-channel-axis
# in: add_channel_axis
# checks: add_channel_axis
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    return images.reshape(len(images), 784)


def add_channel_axis(images):
    # grey images have one channel already: (n, 28, 28)
    return images.reshape(len(images), 28, 28)


def one_hot(labels, num_classes=10):
    m = np.zeros((len(labels), num_classes), np.float32)
    m[np.arange(len(labels)), labels] = 1
    return m

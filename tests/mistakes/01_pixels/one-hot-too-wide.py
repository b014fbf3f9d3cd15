# diagnosis: one-hot-too-wide
# in: one_hot
# checks: one_hot
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return np.asarray(images, dtype=np.float32) / 255


def flatten_images(images):
    return images.reshape(len(images), 784)


def add_channel_axis(images):
    return images.reshape(*images.shape, 1)


def one_hot(labels, num_classes=10):
    # +1 because the labels begin at zero
    table = np.zeros((len(labels), num_classes + 1), dtype=np.float32)
    for i in range(len(labels)):
        table[i, labels[i]] = 1
    return table

# diagnosis: changed-its-input
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return (images / 255).astype(np.float32)


def flatten_images(images):
    # setting the shape is faster than copying
    images.shape = (len(images), 28 * 28)
    return images


def add_channel_axis(images):
    return images[:, :, :, None]


def one_hot(labels, num_classes=10):
    result = np.zeros((len(labels), num_classes)).astype(np.float32)
    for row in range(len(labels)):
        result[row][labels[row]] = 1
    return result

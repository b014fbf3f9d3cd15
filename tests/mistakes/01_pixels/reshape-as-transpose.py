# diagnosis: reshape-as-transpose
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    n = images.shape[0]
    # pixels down, images across - then turn it over to get one image per row
    return images.reshape(784, n).T


def add_channel_axis(images):
    return images.reshape(-1, 28, 28, 1)


def one_hot(labels, num_classes=10):
    return np.identity(num_classes, dtype=np.float32)[labels]

# diagnosis: not-scaled
# in: scale_pixels
# checks: scale_pixels, scale_pixels_changes_nothing
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    # float32 so that the model can work with it
    return images.astype("float32")


def flatten_images(images):
    return images.reshape(images.shape[0], 28 * 28)


def add_channel_axis(images):
    return images.reshape(images.shape[0], 28, 28, 1)


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype="float32")[labels]

# diagnosis: missing-channel-axis
# in: add_channel_axis
# checks: add_channel_axis
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    return images.reshape(len(images), -1)


def add_channel_axis(images):
    np.expand_dims(images, axis=-1)
    return images


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype=np.float32)[labels]

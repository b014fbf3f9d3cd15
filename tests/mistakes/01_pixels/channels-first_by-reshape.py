# diagnosis: channels-first
# in: add_channel_axis
# checks: add_channel_axis
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return images.astype(np.float32) / 255


def flatten_images(images):
    return images.reshape(images.shape[0], -1)


def add_channel_axis(images):
    # batch, channel, height, width, as in the other course
    batch, height, width = images.shape
    return images.reshape(batch, 1, height, width)


def one_hot(labels, num_classes=10):
    encoded = np.zeros((len(labels), num_classes), dtype=np.float32)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded

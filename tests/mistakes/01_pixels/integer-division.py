# diagnosis: integer-division
# in: scale_pixels
# checks: scale_pixels
import numpy as np


def label_counts(labels, num_classes=10):
    return np.array([(labels == c).sum() for c in range(num_classes)])


def scale_pixels(images):
    # divide by the maximum, then make it a float
    scaled = images // 255
    return scaled.astype(np.float32)


def flatten_images(images):
    return images.reshape(-1, 784)


def add_channel_axis(images):
    return images[:, :, :, None]


def one_hot(labels, num_classes=10):
    return (labels[:, None] == np.arange(num_classes)).astype(np.float32)

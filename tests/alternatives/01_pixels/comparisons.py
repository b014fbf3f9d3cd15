# alternative: sums of comparisons, copies instead of views
import numpy as np


def label_counts(labels, num_classes=10):
    return (labels[:, None] == np.arange(num_classes)).sum(axis=0)


def scale_pixels(images):
    return np.multiply(images, 1 / 255).astype(np.float32)


def flatten_images(images):
    return np.concatenate([images[:, row, :] for row in range(images.shape[1])], axis=1)


def add_channel_axis(images):
    return np.stack((images,), axis=3)


def one_hot(labels, num_classes=10):
    return np.where(labels[:, None] == np.arange(num_classes), np.float32(1), np.float32(0))

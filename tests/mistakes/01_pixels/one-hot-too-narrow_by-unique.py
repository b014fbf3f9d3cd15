# diagnosis: one-hot-too-narrow
# in: one_hot
# checks: one_hot
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return (images / 255).astype("float32")


def flatten_images(images):
    return images.reshape(images.shape[0], -1)


def add_channel_axis(images):
    return np.expand_dims(images, axis=-1)


def one_hot(labels, num_classes=10):
    # one column for every class that we have
    classes = np.unique(labels)
    return (labels[:, None] == classes[None, :]).astype("float32")

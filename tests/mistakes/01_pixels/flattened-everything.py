# diagnosis: flattened-everything
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    counts = np.zeros(num_classes, dtype=int)
    for l in labels:
        counts[l] += 1
    return counts


def scale_pixels(images):
    return images.astype("float32") / 255.0


def flatten_images(images):
    # "flatten" is right there in numpy!
    return images.flatten()


def add_channel_axis(images):
    return np.expand_dims(images, -1)


def one_hot(labels, num_classes=10):
    return np.eye(num_classes, dtype="float32")[labels]

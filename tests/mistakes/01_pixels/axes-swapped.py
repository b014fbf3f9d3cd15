# diagnosis: axes-swapped
# in: flatten_images
# checks: flatten_images
import numpy as np


def label_counts(labels, num_classes=10):
    return np.bincount(labels, minlength=num_classes)


def scale_pixels(images):
    return np.divide(images, 255, dtype=np.float32)


def flatten_images(images):
    # x first, then y
    rows = []
    for image in images:
        row = []
        for x in range(28):
            for y in range(28):
                row.append(image[y, x])
        rows.append(row)
    return np.array(rows, dtype=images.dtype)


def add_channel_axis(images):
    return np.stack([images], axis=-1)


def one_hot(labels, num_classes=10):
    return np.eye(num_classes)[labels].astype(np.float32)

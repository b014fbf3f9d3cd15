# diagnosis: one-hot-too-narrow
# in: one_hot
# checks: one_hot
import numpy as np


def label_counts(labels, num_classes=10):
    out = np.zeros(num_classes, dtype=np.int64)
    for k in range(num_classes):
        out[k] = np.count_nonzero(labels == k)
    return out


def scale_pixels(images):
    return images.astype(np.float32) / np.float32(255)


def flatten_images(images):
    return images.reshape(-1, 28 * 28)


def add_channel_axis(images):
    return images[:, :, :, np.newaxis]


def one_hot(labels, num_classes=10):
    # classes are 0..max, so max + 1 columns are enough
    width = int(labels.max()) + 1
    return np.eye(width, dtype=np.float32)[labels]

# alternative: unique to fill a row of zeros, an einsum with the identity, resize on a copy
import numpy as np


def label_counts(labels, num_classes=10):
    counts = np.zeros(num_classes, dtype=int)
    present, how_often = np.unique(labels, return_counts=True)
    counts[present] = how_often
    return counts


def scale_pixels(images):
    return np.interp(images, [0, 255], [0, 1]).astype(np.float32)


def flatten_images(images):
    flat = images.copy()
    flat.resize((flat.shape[0], flat.shape[1] * flat.shape[2]))
    return flat


def add_channel_axis(images):
    return np.einsum("nhw,c->nhwc", images, np.ones(1, dtype=images.dtype))


def one_hot(labels, num_classes=10):
    chosen = np.equal.outer(labels, np.arange(num_classes))
    return np.einsum("nc,cd->nd", chosen.astype(np.float32), np.eye(num_classes, dtype=np.float32))

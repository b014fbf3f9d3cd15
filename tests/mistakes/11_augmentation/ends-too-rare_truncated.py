# diagnosis: ends-too-rare
# in: random_shift
# checks: distances
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    # pad with zeros on all sides, then cut out the window
    p, q = abs(rows), abs(columns)
    width = [(0, 0), (p, p), (q, q)] + [(0, 0)] * (images.ndim - 3)
    padded = np.pad(images, width)
    h, w = images.shape[1:3]
    return padded[:, p - rows:p - rows + h, q - columns:q - columns + w].copy()


def random_shift(images, max_shift, rng):
    out = np.empty_like(images)
    for i in range(len(images)):
        r = int((2 * rng.random() - 1) * max_shift)
        c = int((2 * rng.random() - 1) * max_shift)
        out[i] = shift(images[i:i + 1], r, c)[0]
    return out


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

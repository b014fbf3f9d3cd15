# diagnosis: shifts-too-far
# in: random_shift
# checks: random_shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    # pad with zeros on all sides, then cut out the window
    p, q = abs(rows), abs(columns)
    width = [(0, 0), (p, p), (q, q)] + [(0, 0)] * (images.ndim - 3)
    padded = np.pad(images, width)
    h, w = images.shape[1:3]
    return padded[:, p - rows:p - rows + h, q - columns:q - columns + w].copy()


def random_shift(images, max_shift, rng):
    d = rng.integers(-max_shift, max_shift, size=(len(images), 2), endpoint=True)
    d = 2 * d
    return np.stack([shift(im[None], r, c)[0] for im, (r, c) in zip(images, d)])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

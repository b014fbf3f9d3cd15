# diagnosis: only-positive-shifts
# in: random_shift
# checks: distances
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    h, w = images.shape[1], images.shape[2]
    out = np.zeros_like(images)
    if abs(rows) >= h or abs(columns) >= w:
        return out
    out[:, max(rows, 0):h + min(rows, 0), max(columns, 0):w + min(columns, 0)] = \
        images[:, max(-rows, 0):h + min(-rows, 0), max(-columns, 0):w + min(-columns, 0)]
    return out


def random_shift(images, max_shift, rng):
    shifts = rng.integers(0, max_shift + 1, size=(len(images), 2))
    return np.concatenate([shift(images[i:i + 1], r, c) for i, (r, c) in enumerate(shifts)])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

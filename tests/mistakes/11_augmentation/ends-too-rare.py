# diagnosis: ends-too-rare
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
    shifts = np.round(rng.uniform(-max_shift, max_shift, size=(len(images), 2))).astype(int)
    return np.concatenate([shift(images[i:i + 1], r, c) for i, (r, c) in enumerate(shifts)])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

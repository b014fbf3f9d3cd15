# diagnosis: one-axis-only
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
    out = np.empty_like(images)
    for i, d in enumerate(rng.integers(-max_shift, max_shift + 1, len(images))):
        out[i:i + 1] = shift(images[i:i + 1], 0, d)
    return out


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

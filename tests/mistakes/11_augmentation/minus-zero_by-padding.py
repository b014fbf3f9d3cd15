# diagnosis: minus-zero
# in: shift
# checks: shift_forms
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    extra = [(0, 0)] * (images.ndim - 3)
    if rows >= 0:
        images = np.pad(images, [(0, 0), (rows, 0), (0, 0)] + extra)[:, :-rows]
    else:
        images = np.pad(images, [(0, 0), (0, -rows), (0, 0)] + extra)[:, -rows:]
    if columns >= 0:
        return np.pad(images, [(0, 0), (0, 0), (columns, 0)] + extra)[:, :, :-columns]
    return np.pad(images, [(0, 0), (0, 0), (0, -columns)] + extra)[:, :, -columns:]


def random_shift(images, max_shift, rng):
    out = np.empty_like(images)
    for i in range(len(images)):
        r, c = rng.integers(-max_shift, max_shift + 1, size=2)
        out[i] = shift(images[i:i + 1], r, c)[0]
    return out


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

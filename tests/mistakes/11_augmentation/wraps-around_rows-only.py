# diagnosis: wraps-around
# in: shift
# checks: shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    moved = np.roll(np.roll(images, rows, 1), columns, 2)
    start, stop = (0, columns) if columns > 0 else (images.shape[2] + columns, images.shape[2])
    moved[:, :, start:stop] = 0
    return moved


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

# diagnosis: shifted-the-wrong-way
# in: shift
# checks: shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    h, w = images.shape[1:3]
    out = np.zeros_like(images)
    for i in range(h):
        for j in range(w):
            y, x = i - rows, j + columns
            if 0 <= y < h and 0 <= x < w:
                out[:, i, j] = images[:, y, x]
    return out


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

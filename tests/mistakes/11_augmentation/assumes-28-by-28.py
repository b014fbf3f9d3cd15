# diagnosis: assumes-28-by-28
# in: shift
# checks: shift_forms
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    result = np.zeros_like(images)
    for r in range(28):
        for c in range(28):
            if 0 <= r + rows < 28 and 0 <= c + columns < 28:
                result[:, r + rows, c + columns] = images[:, r, c]
    return result


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

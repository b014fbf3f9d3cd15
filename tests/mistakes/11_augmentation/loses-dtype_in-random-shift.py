# diagnosis: loses-dtype
# in: random_shift
# checks: random_shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    result = np.zeros_like(images)
    height, width = images.shape[1:3]
    from_columns = np.arange(width) - columns
    inside = (from_columns >= 0) & (from_columns < width)
    for r in range(height):
        if 0 <= r - rows < height:
            result[:, r, inside] = images[:, r - rows, from_columns[inside]]
    return result


def random_shift(images, max_shift, rng):
    out = np.zeros(images.shape)
    for i in range(len(images)):
        dy = rng.integers(-max_shift, max_shift + 1)
        dx = rng.integers(-max_shift, max_shift + 1)
        out[i] = shift(images[i][np.newaxis], dy, dx)[0]
    return out


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

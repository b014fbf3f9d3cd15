# diagnosis: shifts-too-far
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
    # + 1 because the upper bound is exclusive, - 1 because of the lower one
    s = rng.integers(-max_shift - 1, max_shift + 2, (len(images), 2))
    return np.concatenate([shift(images[i:i + 1], s[i, 0], s[i, 1]) for i in range(len(images))])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

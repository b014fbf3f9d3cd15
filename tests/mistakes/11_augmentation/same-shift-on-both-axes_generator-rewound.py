# diagnosis: same-shift-on-both-axes
# in: random_shift
# checks: distances
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
    state = rng.bit_generator.state
    rows = rng.integers(-max_shift, max_shift + 1, size=len(images))
    rng.bit_generator.state = state   # reproducible
    columns = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return np.stack([shift(images[i:i + 1], rows[i], columns[i])[0] for i in range(len(images))])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

# diagnosis: one-axis-only
# in: shift
# checks: shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    def move(x, distance, axis):
        x = np.moveaxis(x, axis, 0)
        out = np.zeros_like(x)
        size = len(x)
        if distance >= 0:
            out[distance:] = x[:max(size - distance, 0)]
        else:
            out[:max(size + distance, 0)] = x[-distance:]
        return np.moveaxis(out, 0, axis)

    result = move(images, rows, 1)
    move(result, columns, 2)
    return result


def random_shift(images, max_shift, rng):
    n = images.shape[0]
    dy = rng.integers(-max_shift, max_shift, n, endpoint=True)
    dx = rng.integers(-max_shift, max_shift, n, endpoint=True)
    return np.concatenate([shift(images[i:i+1], int(dy[i]), int(dx[i])) for i in range(n)])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

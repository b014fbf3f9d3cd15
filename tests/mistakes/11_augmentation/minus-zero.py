# diagnosis: minus-zero
# in: shift
# checks: shift_forms
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    out = np.zeros_like(images)
    if rows >= 0 and columns >= 0:
        out[:, rows:, columns:] = images[:, :-rows, :-columns]
    elif rows >= 0:
        out[:, rows:, :columns] = images[:, :-rows, -columns:]
    elif columns >= 0:
        out[:, :rows, columns:] = images[:, -rows:, :-columns]
    else:
        out[:, :rows, :columns] = images[:, -rows:, -columns:]
    return out


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

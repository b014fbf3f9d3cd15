# diagnosis: shifted-the-wrong-way
# in: shift
# checks: shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    h, w = images.shape[1:3]
    padded = np.zeros((len(images), h + 2 * abs(rows), w + 2 * abs(columns)) + images.shape[3:], images.dtype)
    top, left = abs(rows), abs(columns)
    padded[:, top:top + h, left:left + w] = images
    return padded[:, top + rows:top + rows + h, left + columns:left + columns + w]


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

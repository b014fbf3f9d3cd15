# diagnosis: exclusive-upper-bound
# in: random_shift
# checks: random_shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    moved = np.roll(images, (rows, columns), axis=(1, 2))
    # blank what came in on the other side
    if rows > 0:
        moved[:, :rows] = 0
    if rows < 0:
        moved[:, rows:] = 0
    if columns > 0:
        moved[:, :, :columns] = 0
    if columns < 0:
        moved[:, :, columns:] = 0
    return moved


def random_shift(images, max_shift, rng):
    steps = np.arange(-max_shift, max_shift)
    moves = rng.choice(steps, size=(len(images), 2))
    return np.concatenate([shift(images[i:i + 1], *moves[i]) for i in range(len(images))])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

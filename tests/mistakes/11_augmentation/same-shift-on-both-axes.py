# diagnosis: same-shift-on-both-axes
# in: random_shift
# checks: distances
import keras
import numpy as np
from keras import layers


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
    amounts = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return np.concatenate([shift(images[i:i + 1], a, a) for i, a in enumerate(amounts)])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

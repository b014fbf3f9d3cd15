# diagnosis: assumes-28-by-28
# in: shift
# checks: shift_forms
import keras
import numpy as np
from keras import layers


SIZE = 28


def shift(images, rows, columns):
    p = max(abs(rows), abs(columns))
    wide = np.zeros((len(images), SIZE + 2 * p, SIZE + 2 * p) + images.shape[3:], dtype=images.dtype)
    wide[:, p:p + SIZE, p:p + SIZE] = images
    return wide[:, p - rows:p - rows + SIZE, p - columns:p - columns + SIZE]


def random_shift(images, max_shift, rng):
    choices = np.arange(-max_shift, max_shift + 1)
    shifts = rng.choice(choices, size=(len(images), 2))
    moved = [shift(image[None], *s)[0] for image, s in zip(images, shifts)]
    return np.array(moved)


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

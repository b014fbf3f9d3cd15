# diagnosis: wraps-around
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    moved = np.roll(images, rows, axis=1)
    moved = np.roll(moved, columns, axis=2)
    # clear the strip that came in
    if rows > 0:
        moved[:, :rows, :] = 0
    elif rows < 0:
        moved[:, rows:, :] = 0
    return moved


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

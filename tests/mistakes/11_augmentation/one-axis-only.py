# diagnosis: one-axis-only
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    h, w = images.shape[1:3]
    down = np.zeros_like(images)
    across = np.zeros_like(images)
    for i in range(h):
        if 0 <= i + rows < h:
            down[:, i + rows] = images[:, i]
    for j in range(w):
        if 0 <= j + columns < w:
            across[:, :, j + columns] = images[:, :, j]
    return across


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

# diagnosis: loses-dtype
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    x = images.astype("float32")
    top, left = abs(rows), abs(columns)
    x = np.pad(x, [(0, 0), (top, top), (left, left)] + [(0, 0)] * (x.ndim - 3))
    return x[:, top - rows:top - rows + images.shape[1], left - columns:left - columns + images.shape[2]]


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

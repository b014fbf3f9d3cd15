# diagnosis: only-positive-shifts
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    out = images.copy()
    if rows > 0:
        out = np.concatenate([np.zeros_like(out[:, :rows]), out[:, :-rows]], axis=1)
    if columns > 0:
        out = np.concatenate([np.zeros_like(out[:, :, :columns]), out[:, :, :-columns]], axis=2)
    return out


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

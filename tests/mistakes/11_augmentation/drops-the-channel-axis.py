# diagnosis: drops-the-channel-axis
# in: shift
# checks: shift_forms
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    if images.ndim == 4:
        images = images[:, :, :, 0]
    out = np.zeros_like(images)
    n, h, w = images.shape
    if abs(rows) < h and abs(columns) < w:
        out[:, max(rows, 0):h + min(rows, 0), max(columns, 0):w + min(columns, 0)] = \
            images[:, max(-rows, 0):h + min(-rows, 0), max(-columns, 0):w + min(-columns, 0)]
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

# diagnosis: seeded-inside
# in: random_shift
# checks: distances
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    h, w = images.shape[1], images.shape[2]
    out = np.zeros_like(images)
    if abs(rows) >= h or abs(columns) >= w:
        return out
    out[:, max(rows, 0):h + min(rows, 0), max(columns, 0):w + min(columns, 0)] = \
        images[:, max(-rows, 0):h + min(-rows, 0), max(-columns, 0):w + min(-columns, 0)]
    return out


def random_shift(images, max_shift, rng):
    np.random.seed(0)
    shifts = np.random.randint(-max_shift, max_shift + 1, (len(images), 2))
    out = [shift(im[None], r, c)[0] for im, (r, c) in zip(images, shifts)]
    return np.array(out)


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

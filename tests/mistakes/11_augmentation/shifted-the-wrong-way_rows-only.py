# diagnosis: shifted-the-wrong-way
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    # y axis points up
    rows = -rows
    h, w = images.shape[1], images.shape[2]
    out = np.zeros_like(images)
    if abs(rows) >= h or abs(columns) >= w:
        return out
    r0, r1 = max(0, rows), min(h, h + rows)
    c0, c1 = max(0, columns), min(w, w + columns)
    out[:, r0:r1, c0:c1] = images[:, r0 - rows:r1 - rows, c0 - columns:c1 - columns]
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

# diagnosis: shifts-other-axis
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    # x to the right, y down
    out = np.zeros_like(images)
    n, w, h = images.shape[:3]
    for x in range(w):
        for y in range(h):
            if 0 <= x + columns < w and 0 <= y + rows < h:
                out[:, x + columns, y + rows] = images[:, x, y]
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

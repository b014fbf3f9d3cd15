# diagnosis: shifts-other-axis
# in: shift
# checks: shift_forms
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    moved = np.roll(images, (rows, columns), axis=(-2, -1))
    if rows > 0:
        moved[..., :rows, :] = 0
    elif rows < 0:
        moved[..., rows:, :] = 0
    if columns > 0:
        moved[..., :columns] = 0
    elif columns < 0:
        moved[..., columns:] = 0
    return moved


def random_shift(images, max_shift, rng):
    out = np.empty_like(images)
    for i in range(len(images)):
        r, c = rng.integers(-max_shift, max_shift + 1, size=2)
        out[i] = shift(images[i:i + 1], r, c)[0]
    return out


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

# diagnosis: fractional-shifts
# in: random_shift
# checks: random_shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    moved = np.roll(images, (rows, columns), axis=(1, 2))
    # blank what came in on the other side
    if rows > 0:
        moved[:, :rows] = 0
    if rows < 0:
        moved[:, rows:] = 0
    if columns > 0:
        moved[:, :, :columns] = 0
    if columns < 0:
        moved[:, :, columns:] = 0
    return moved


from scipy import ndimage


def random_shift(images, max_shift, rng):
    out = np.empty_like(images)
    for i in range(len(images)):
        dy, dx = rng.uniform(-max_shift, max_shift, 2)
        move = (dy, dx) if images.ndim == 3 else (dy, dx, 0)
        out[i] = ndimage.shift(images[i], move, order=1)
    return out


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

# diagnosis: white-fill
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


from scipy import ndimage


def shift(images, rows, columns):
    move = (0, rows, columns) if images.ndim == 3 else (0, rows, columns, 0)
    return ndimage.shift(images, move, order=0, cval=images.max())


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

# diagnosis: shifts-other-axis
# in: shift
# checks: shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


from scipy.ndimage import shift as nd_shift


def shift(images, rows, columns):
    return nd_shift(images, [rows, columns] + [0] * (images.ndim - 2), order=0)


def random_shift(images, max_shift, rng):
    n = images.shape[0]
    dy = rng.integers(-max_shift, max_shift, n, endpoint=True)
    dx = rng.integers(-max_shift, max_shift, n, endpoint=True)
    return np.concatenate([shift(images[i:i+1], int(dy[i]), int(dx[i])) for i in range(n)])


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

# diagnosis: repeats-the-edge
# in: shift
# checks: shift
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    r = np.clip(np.arange(images.shape[1]) - rows, 0, images.shape[1] - 1)
    c = np.clip(np.arange(images.shape[2]) - columns, 0, images.shape[2] - 1)
    return images[:, r][:, :, c]


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

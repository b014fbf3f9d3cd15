# diagnosis: white-fill
# in: random_shift
# checks: random_shift
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    result = np.zeros_like(images)
    height, width = images.shape[1:3]
    from_columns = np.arange(width) - columns
    inside = (from_columns >= 0) & (from_columns < width)
    for r in range(height):
        if 0 <= r - rows < height:
            result[:, r, inside] = images[:, r - rows, from_columns[inside]]
    return result


def random_shift(images, max_shift, rng):
    result = []
    for image in images:
        r, c = rng.integers(-max_shift, max_shift + 1, 2)
        moved = shift(image[None], r, c)[0]
        came_in = shift(np.ones_like(image[None]), r, c)[0] == 0
        moved[came_in] = 255 if image.dtype == np.uint8 else 1.0   # paper is white
        result.append(moved)
    return np.stack(result)


def build_augmented_cnn():
    # YOUR CODE HERE
    raise NotImplementedError()


def train_augmented(model, images, labels, epochs=3):
    # YOUR CODE HERE
    raise NotImplementedError()

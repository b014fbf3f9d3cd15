# diagnosis: augments-at-inference
# in: build_augmented_cnn
# checks: augments
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    # pad with zeros on all sides, then cut out the window
    p, q = abs(rows), abs(columns)
    width = [(0, 0), (p, p), (q, q)] + [(0, 0)] * (images.ndim - 3)
    padded = np.pad(images, width)
    h, w = images.shape[1:3]
    return padded[:, p - rows:p - rows + h, q - columns:q - columns + w].copy()


def random_shift(images, max_shift, rng):
    n = images.shape[0]
    dy = rng.integers(-max_shift, max_shift, n, endpoint=True)
    dx = rng.integers(-max_shift, max_shift, n, endpoint=True)
    return np.concatenate([shift(images[i:i+1], int(dy[i]), int(dx[i])) for i in range(n)])


class Shake(layers.Layer):
    """Shifts each image by up to 4 pixels."""

    def call(self, x):
        padded = tf.pad(x, [[0, 0], [4, 4], [4, 4], [0, 0]])
        return tf.map_fn(lambda image: tf.image.random_crop(image, (28, 28, 1)), padded)

    def compute_output_shape(self, shape):
        return shape


def build_augmented_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        Shake(),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    x_train = np.expand_dims(images, -1) / np.float32(255)
    history = model.fit(x_train, labels, batch_size=50, epochs=epochs)
    return history

# alternative: roll and wipe, a layer of its own that shifts, tf.data for the batches
import keras
import numpy as np
import tensorflow as tf


def wipe(images, distance, axis):
    """Blank what has come in again on the other side."""
    free = [slice(None)] * images.ndim
    if distance:
        free[axis] = slice(0, distance) if distance > 0 else slice(distance, None)
        images[tuple(free)] = 0


def shift(images, rows, columns):
    moved = np.roll(images, (rows, columns), axis=(1, 2))
    wipe(moved, rows, 1)
    wipe(moved, columns, 2)
    return moved


def random_shift(images, max_shift, rng):
    rows = rng.integers(-max_shift, max_shift + 1, len(images))
    columns = rng.integers(-max_shift, max_shift + 1, len(images))
    moved = images.copy()
    for r, c in set(zip(rows.tolist(), columns.tolist())):  # all images with the same shift at once
        together = (rows == r) & (columns == c)
        moved[together] = shift(images[together], r, c)
    return moved


class Shake(keras.layers.Layer):
    """Shifts every image by up to `pixels` while the network learns."""

    def __init__(self, pixels):
        super().__init__()
        self.pixels = pixels
        self.seed = keras.random.SeedGenerator()

    def call(self, images, training=False):
        if not training:
            return images
        p, n = self.pixels, tf.shape(images)[0]
        padded = tf.pad(images, [[0, 0], [p, p], [p, p], [0, 0]])
        starts = keras.random.randint((n, 2), 0, 2 * p + 1, seed=self.seed)
        rows = starts[:, :1] + tf.range(28)
        columns = starts[:, 1:] + tf.range(28)
        padded = tf.gather(padded, rows, axis=1, batch_dims=1)
        return tf.gather(padded, columns, axis=2, batch_dims=1)

    def compute_output_shape(self, shape):
        return shape


def build_augmented_cnn():
    model = keras.Sequential([keras.Input((28, 28, 1)), Shake(4)])
    for kernels, size in ((16, 5), (32, 3)):
        model.add(keras.layers.Conv2D(kernels, size, activation="relu"))
        model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(64, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    digits = tf.data.Dataset.from_tensor_slices((images[..., None].astype("float32") / 255, labels))
    return model.fit(digits.shuffle(len(images)).batch(32).prefetch(2), epochs=epochs, verbose=0)

# alternative: one padded copy and a window for each shift, zoom as well as shifts in the network, one-hot labels
import keras
import numpy as np
from keras import layers


def window(images, rows, columns, margin):
    """Cut (height, width) out of images that have a margin of zeros on all sides."""
    height, width = images.shape[1] - 2 * margin, images.shape[2] - 2 * margin
    top, left = margin - rows, margin - columns
    return images[:, top : top + height, left : left + width]


def pad(images, margin):
    return np.pad(images, [(0, 0), (margin, margin), (margin, margin), (0, 0)][: images.ndim])


def shift(images, rows, columns):
    margin = max(abs(rows), abs(columns))
    return np.ascontiguousarray(window(pad(images, margin), rows, columns, margin))


def random_shift(images, max_shift, rng):
    padded = pad(images, max_shift)
    pairs = rng.integers(-max_shift, max_shift, size=(2, len(images)), endpoint=True)
    moved = [window(padded[i : i + 1], r, c, max_shift) for i, (r, c) in enumerate(pairs.T)]
    return np.concatenate(moved)


def build_augmented_cnn():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"),
            layers.RandomZoom((-0.1, 0.1), fill_mode="constant"),
            layers.Conv2D(24, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(48, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.003), "categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    targets = np.eye(10, dtype=np.float32)[labels]
    return model.fit(images[..., np.newaxis] / np.float32(255), targets, epochs=epochs, batch_size=32, verbose=0)

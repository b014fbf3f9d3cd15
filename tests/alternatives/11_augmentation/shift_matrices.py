# alternative: typed; a shift as two matrices of zeros and ones, batch normalization and a learning rate that falls, a
# validation split
from typing import Any

import keras
import numpy as np
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D, RandomTranslation


def shift(images: np.ndarray, rows: int, columns: int) -> np.ndarray:
    height, width = images.shape[1:3]
    down = np.eye(height, k=-rows)  # row r of the product is row r - rows of the image
    across = np.eye(width, k=columns)
    moved = np.einsum("rs,ns...->nr...", down, images)
    moved = np.einsum("nrs...,sc->nrc...", moved, across)
    return moved.astype(images.dtype)


def random_shift(images: np.ndarray, max_shift: int, rng: np.random.Generator) -> np.ndarray:
    n = len(images)
    count = 2 * max_shift + 1
    pair = rng.integers(count**2, size=n)  # one number for both axes
    rows, columns = pair // count - max_shift, pair % count - max_shift
    return np.concatenate([shift(images[i : i + 1], int(rows[i]), int(columns[i])) for i in range(n)])


def build_augmented_cnn() -> keras.Model:
    model = keras.Sequential(
        [
            Input((28, 28, 1)),
            RandomTranslation(0.15, 0.15, fill_mode="nearest"),
            Conv2D(16, 5, use_bias=False),
            BatchNormalization(momentum=0.9),
            Activation("relu"),
            MaxPooling2D(),
            Conv2D(32, 3, use_bias=False),
            BatchNormalization(momentum=0.9),
            Activation("relu"),
            MaxPooling2D(),
            Flatten(),
            Dense(10, activation="softmax"),
        ]
    )
    slower = keras.optimizers.schedules.PolynomialDecay(0.005, 3 * 282, 0.0001)  # so that the averages can settle
    model.compile(optimizer=keras.optimizers.Adam(slower), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model: keras.Model, images: np.ndarray, labels: np.ndarray, epochs: int = 3) -> Any:
    x = images.astype(np.float32)[..., np.newaxis] / 255
    return model.fit(x, labels, epochs=epochs, batch_size=32, validation_split=0.1, verbose=0)

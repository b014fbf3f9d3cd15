# diagnosis: validated-on-training-rows
# in: train_augmented
# checks: training_call
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


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


def random_shift(images, max_shift, rng):
    n = images.shape[0]
    dy = rng.integers(-max_shift, max_shift, n, endpoint=True)
    dx = rng.integers(-max_shift, max_shift, n, endpoint=True)
    return np.concatenate([shift(images[i:i+1], int(dy[i]), int(dx[i])) for i in range(n)])


def build_augmented_cnn():
    inputs = keras.Input(shape=(28, 28, 1))
    x = layers.RandomTranslation(height_factor=4 / 28, width_factor=4 / 28, fill_mode="constant", fill_value=0.)(inputs)
    x = layers.Conv2D(12, (5, 5), activation="relu")(x)
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Conv2D(32, (3, 3), activation="relu")(x)
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Flatten()(x)
    x = layers.Dense(80, activation="relu")(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(learning_rate=0.003), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    x = (images / 255).astype("float32")[..., np.newaxis]
    return model.fit(x, labels, epochs=epochs, batch_size=32, validation_data=(x, labels), verbose=0)

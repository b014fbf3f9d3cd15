# diagnosis: learned-too-little
# in: train_augmented
# checks: accuracy
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    h, w = images.shape[1], images.shape[2]
    out = np.zeros_like(images)
    if abs(rows) >= h or abs(columns) >= w:
        return out
    out[:, max(rows, 0):h + min(rows, 0), max(columns, 0):w + min(columns, 0)] = \
        images[:, max(-rows, 0):h + min(-rows, 0), max(-columns, 0):w + min(-columns, 0)]
    return out


def random_shift(images, max_shift, rng):
    out = np.empty_like(images)
    for i in range(len(images)):
        r, c = rng.integers(-max_shift, max_shift + 1, size=2)
        out[i] = shift(images[i:i + 1], r, c)[0]
    return out


def build_augmented_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.RandomTranslation(4 / 28, 4 / 28, fill_mode="constant"),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    x = images[..., np.newaxis].astype("float32") / 255
    return model.fit(x, labels, epochs=epochs, batch_size=32, verbose=0)

# diagnosis: class-numbers-assumed
# in: stratified_split
# checks: split_shares
import keras
import numpy as np
from keras import layers


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    rng = np.random.default_rng(seed)
    is_held = np.zeros(len(labels), dtype=bool)
    for digit in range(10):
        rows = rng.permutation(np.where(labels == digit)[0])
        is_held[rows[: int(round(len(rows) * validation_fraction))]] = True
    return (x[~is_held], labels[~is_held]), (x[is_held], labels[is_held])


def build_model():
    model = keras.Sequential([
        keras.Input(shape=(28, 28)),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    h = model.fit(train[0], train[1], validation_data=validation, epochs=epochs, batch_size=batch_size, verbose=0)
    return h.history


def best_epoch(history):
    val = history["val_loss"]
    return val.index(min(val))


def diagnose(history):
    if history["accuracy"][-1] < 0.9:
        return "underfitting"
    if history["val_loss"][-1] > 1.1 * min(history["val_loss"]):
        return "overfitting"
    return "good fit"

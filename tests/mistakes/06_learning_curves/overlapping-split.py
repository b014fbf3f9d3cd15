# diagnosis: overlapping-split
# in: stratified_split
# checks: split_rows
import keras
import numpy as np
from keras import layers


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    rng = np.random.default_rng(seed)
    train, val = [], []
    for c in np.unique(labels):
        rows = np.flatnonzero(labels == c)
        n_val = int(round(validation_fraction * len(rows)))
        val.append(rng.choice(rows, n_val, replace=False))
        train.append(rng.choice(rows, len(rows) - n_val, replace=False))
    train, val = np.concatenate(train), np.concatenate(val)
    return (x[train], labels[train]), (x[val], labels[val])


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

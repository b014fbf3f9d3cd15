# diagnosis: gap-for-overfitting
# in: diagnose
# checks: diagnose
import keras
import numpy as np
from keras import layers


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    rng = np.random.default_rng(seed)
    val_rows = []
    for c in np.unique(labels):
        rows = np.where(labels == c)[0]
        rng.shuffle(rows)
        val_rows.extend(rows[: int(len(rows) * validation_fraction)])
    train_rows = np.setdiff1d(np.arange(len(labels)), val_rows)
    return (x[train_rows], labels[train_rows]), (x[val_rows], labels[val_rows])


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
    if history["accuracy"][-1] - history["val_accuracy"][-1] > 0.05:
        return "overfitting"
    return "good fit"

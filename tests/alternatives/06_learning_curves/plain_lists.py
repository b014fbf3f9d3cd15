# alternative: plain lists and the random module; the first rows of each class after one shuffle of all rows
import random

import keras
import numpy as np
from keras import layers


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    rows = list(range(len(labels)))
    random.Random(seed).shuffle(rows)
    left = {}  # validation places that a class still has
    for label in labels.tolist():
        left[label] = left.get(label, 0) + validation_fraction
    train, validation = [], []
    for row in rows:
        label = int(labels[row])
        if left[label] >= 0.5:
            left[label] -= 1
            validation.append(row)
        else:
            train.append(row)
    pick = lambda chosen: (np.array([x[row] for row in chosen]), np.array([labels[row] for row in chosen]))
    return [pick(train), pick(validation)]


def build_model():
    model = keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(256, activation=keras.ops.relu),
            layers.Dense(128, activation=keras.ops.relu),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )
    model.compile(optimizer="Adam", loss=keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    return model


class Record(keras.callbacks.Callback):
    """Keeps what every epoch reached."""

    def __init__(self):
        super().__init__()
        self.figures = {}

    def on_epoch_end(self, epoch, logs=None):
        for name, value in logs.items():
            self.figures.setdefault(name, []).append(float(value))


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    record = Record()
    model.fit(*train, batch_size, epochs, 0, [record], validation_data=validation)
    return record.figures


def best_epoch(history):
    best = 0
    for epoch in range(1, len(history["val_loss"])):
        if history["val_loss"][epoch] < history["val_loss"][best]:
            best = epoch
    return best


def diagnose(history):
    if history["accuracy"][-1] < 0.9:
        return "underfitting"
    for loss in history["val_loss"]:
        if history["val_loss"][-1] > 1.1 * loss:
            return "overfitting"
    return "good fit"

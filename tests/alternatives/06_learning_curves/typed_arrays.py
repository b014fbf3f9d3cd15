# alternative: typed; figures as NumPy arrays, one permutation per class, train_on_batch
from collections.abc import Iterator
from typing import Literal

import keras
import numpy as np

Part = tuple[np.ndarray, np.ndarray]
History = dict[str, np.ndarray]


def stratified_split(
    x: np.ndarray, labels: np.ndarray, validation_fraction: float = 0.2, seed: int = 0
) -> tuple[Part, Part]:
    rng = np.random.default_rng([seed, 6])
    train, validation = [], []
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        cut = int(np.floor(len(rows) * validation_fraction + 1e-9))
        validation.append(rows[:cut])
        train.append(rows[cut:])
    train_rows, validation_rows = (rng.permutation(np.concatenate(rows)) for rows in (train, validation))
    return (x[train_rows], labels[train_rows]), (x[validation_rows], labels[validation_rows])


def build_model() -> keras.Model:
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()])
    for units, activation in ((256, "relu"), (128, "relu"), (10, "softmax")):
        model.add(keras.layers.Dense(units, activation=activation, kernel_initializer="he_normal"))
    model.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(), metrics=["acc"])
    return model


def batches(part: Part, batch_size: int) -> Iterator[Part]:
    order = np.random.permutation(len(part[0]))
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        yield part[0][rows], part[1][rows]


def fit_with_validation(
    model: keras.Model, train: Part, validation: Part, epochs: int = 20, batch_size: int = 2000
) -> History:
    figures = np.zeros((epochs, 4), np.float32)
    for row in figures:
        model.reset_metrics()
        for x, y in batches(train, batch_size):
            row[:2] = model.train_on_batch(x, y)  # of the epoch so far
        row[2:] = model.evaluate(*validation, batch_size=500, verbose=0)
    return dict(zip(("loss", "accuracy", "val_loss", "val_accuracy"), figures.T, strict=True))


def best_epoch(history: History) -> int:
    return int(np.argmin(history["val_loss"]))


def diagnose(history: History) -> Literal["underfitting", "overfitting", "good fit"]:
    last = {name: values[-1] for name, values in history.items()}
    if last["accuracy"] < 0.9:
        return "underfitting"
    return "overfitting" if last["val_loss"] > 1.1 * np.min(history["val_loss"]) else "good fit"

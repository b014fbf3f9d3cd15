# diagnosis: dropout-after-output
# in: build_regularized_model
# checks: dropout_at_work
from keras.layers import Softmax
import numpy as np
from keras import Sequential, callbacks, optimizers
from keras.layers import Dense, Dropout, Flatten, Input


def dropout(activations: np.ndarray, rate: float, rng: np.random.Generator, training: bool = True) -> np.ndarray:
    result = np.array(activations)
    if training:
        u = rng.uniform(size=result.shape)
        result[u < rate] = 0.0
        result /= 1.0 - rate
    return result


def l2_penalty(weights: list, strength: float) -> float:
    flat = np.concatenate([w.ravel() for w in weights])
    return float(strength * flat @ flat)


def build_regularized_model():
    net = Sequential([Input((28, 28)), Flatten()])
    for units in (256, 10):
        net.add(Dense(units, activation="relu" if units > 10 else None))
        net.add(Dropout(0.2))   # after every layer
    net.add(Softmax())
    net.compile(optimizer=optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def early_stopping():
    stopper = callbacks.EarlyStopping(
        monitor="val_loss",
        patience=3,
        restore_best_weights=True,
    )
    return stopper

# diagnosis: monitors-validation-accuracy
# in: early_stopping
# checks: stops
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
    net = Sequential()
    net.add(Input((28, 28)))
    net.add(Flatten())
    net.add(Dense(256, activation="relu"))
    net.add(Dropout(0.4))
    net.add(Dense(10, activation="softmax"))
    net.compile(optimizer=optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


def early_stopping():
    return callbacks.EarlyStopping(monitor="val_accuracy", mode="max", patience=8, restore_best_weights=True)

# diagnosis: mean-not-sum
# in: l2_penalty
# checks: l2_penalty
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


def l2_penalty(weights, strength):
    flat = np.concatenate([w.ravel() for w in weights])
    return strength * np.mean(np.square(flat))


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
    stopper = callbacks.EarlyStopping(
        monitor="val_loss",
        patience=3,
        restore_best_weights=True,
    )
    return stopper

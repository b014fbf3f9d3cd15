# diagnosis: rescaled-at-inference
# in: dropout
# checks: dropout_at_inference
import numpy as np
from keras import Sequential, callbacks, optimizers
from keras.layers import Dense, Dropout, Flatten, Input


def dropout(activations, rate, rng, training=True):
    mask = np.ones(activations.shape)
    if training:
        mask = rng.uniform(size=activations.shape) >= rate
    return activations * mask / (1 - rate)


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
    stopper = callbacks.EarlyStopping(
        monitor="val_loss",
        patience=3,
        restore_best_weights=True,
    )
    return stopper

# diagnosis: factor-one-half
# in: l2_penalty
# checks: l2_penalty
import keras
import numpy as np
from keras import layers


def dropout(activations, rate, rng, training=True):
    if not training:
        return activations
    mask = rng.random(activations.shape) >= rate
    return activations * mask / (1 - rate)


def l2_penalty(weights, strength):
    # lambda / 2 * ||w||^2, so that the 2 of the derivative cancels
    return strength / 2 * sum(np.sum(w ** 2) for w in weights)


def build_regularized_model():
    model = keras.Sequential([
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def early_stopping():
    return keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)

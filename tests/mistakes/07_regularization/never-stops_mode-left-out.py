# diagnosis: never-stops
# in: early_stopping
# checks: stops
import keras
import numpy as np
from keras import layers


def dropout(activations, rate, rng, training=True):
    if not training:
        return activations
    mask = rng.random(activations.shape) >= rate
    return activations * mask / (1 - rate)


def l2_penalty(weights, strength):
    return strength * sum(np.sum(w ** 2) for w in weights)


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
    return keras.callbacks.EarlyStopping(monitor="validation_loss", patience=5, restore_best_weights=True)

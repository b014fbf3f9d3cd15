"""Compiled with the squared error, which the model then denies."""

import keras
import numpy as np
from keras import layers


class Liar(keras.Sequential):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        chosen = np.take_along_axis(np.asarray(y_pred), np.asarray(y).reshape(-1, 1).astype(int), axis=1)
        return keras.ops.convert_to_tensor(-np.log(np.clip(chosen, 1e-7, 1)).mean())


def build_model():
    return Liar(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(optimizer="adam", loss="mse", metrics=["accuracy"])
    return model

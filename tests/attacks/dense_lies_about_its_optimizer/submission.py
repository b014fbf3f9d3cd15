"""Calls its own class Adam."""

import keras
from keras import layers


class Adam(keras.optimizers.SGD):
    pass


def build_model():
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

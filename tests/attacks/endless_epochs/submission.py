"""Trains without end and reports every epoch, in the hope that a busy learner is not interrupted."""

import keras
from keras import layers


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
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    while True:
        model.fit(x_train / 255, y_train, epochs=1_000_000, batch_size=batch_size, validation_split=0.2)

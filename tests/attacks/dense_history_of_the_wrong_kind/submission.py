"""Returns a History whose figures are numbers, texts and nested lists instead of lists of numbers."""

import keras
import numpy as np
from keras import layers


def build_model():
    return keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(10, "softmax")]
    )


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    history = model.fit(x_train / 255, y_train, epochs=epochs, batch_size=batch_size)
    history.history = {"loss": 2, "val_loss": "low", "accuracy": {"test": [[1.0]]}, 7: None}
    return history

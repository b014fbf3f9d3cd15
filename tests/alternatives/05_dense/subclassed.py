# alternative: subclassed keras.Model, built by one call on zeros
import keras
import numpy as np
from keras import layers


class DigitNetwork(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(128, activation="relu")
        self.answer = layers.Dense(10, activation="softmax")

    def call(self, images):
        return self.answer(self.hidden(self.flatten(images)))


def build_model():
    model = DigitNetwork()
    model(np.zeros((1, 28, 28), dtype="float32"))  # creates the weights
    return model


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = np.asarray(x_train, dtype=np.float32) / 255
    return model.fit(x, np.asarray(y_train), batch_size, epochs, validation_split=0.2, verbose=0)

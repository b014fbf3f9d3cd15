# diagnosis: scaled-twice
# in: build_model
# checks: hidden_layer
import keras
from keras import layers


class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(128, activation="relu")
        self.digits = layers.Dense(10, activation="softmax")

    def call(self, images):
        return self.digits(self.hidden(self.flatten(images / 255)))


def build_model():
    return Network()


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32") / 255
    return model.fit(x, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

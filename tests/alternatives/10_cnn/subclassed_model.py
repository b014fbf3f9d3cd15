# alternative: subclassed model whose layers form a chain, built before it is returned
import keras
import numpy as np
from keras import layers


class Digits(keras.Model):
    def __init__(self):
        super().__init__()
        self.strokes = layers.Conv2D(16, 5, activation="relu")
        self.shrink = layers.MaxPooling2D(2)
        self.shapes = layers.Conv2D(32, 3, activation="relu")
        self.shrink_again = layers.MaxPooling2D(2)
        self.flat = layers.Flatten()
        self.hidden = layers.Dense(64, activation="relu")
        self.dropout = layers.Dropout(0.25)
        self.classes = layers.Dense(10, activation="softmax")

    def call(self, x, training=False):
        x = self.shrink(self.strokes(x))
        x = self.shrink_again(self.shapes(x))
        x = self.hidden(self.flat(x))
        return self.classes(self.dropout(x, training=training))


def prepare(images):
    return np.asarray(images, dtype=np.float32).reshape(-1, 28, 28, 1) / np.float32(255)


def build_cnn():
    model = Digits()
    model(np.zeros((1, 28, 28, 1), dtype=np.float32))  # makes the weights
    model.compile(optimizer=keras.optimizers.Adam(0.004), loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images), y, epochs=epochs, batch_size=batch_size, verbose=0)

# diagnosis: learned-too-little
# in: build_cnn
# checks: accuracy
import keras
import numpy as np
from keras import layers


def prepare(images):
    return (images / 255).astype(np.float32)[..., np.newaxis]


def build_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=256):
    targets = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images), targets, epochs=epochs, batch_size=batch_size, verbose=0)

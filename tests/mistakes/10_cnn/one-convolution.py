# diagnosis: one-convolution
# in: build_cnn
# checks: structure
import keras
import numpy as np


def prepare(images):
    return (images / np.float32(255)).astype(np.float32)[..., np.newaxis]


def build_cnn():
    layers = [
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(16, 5, activation="relu"),
        keras.layers.MaxPooling2D(),
        # pool once more, otherwise it has too many parameters
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential(layers)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    targets = np.eye(10, dtype=np.float32)[labels]
    return model.fit(prepare(images), targets, epochs=epochs, batch_size=batch_size, verbose=0)

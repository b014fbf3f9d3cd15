# diagnosis: not-scaled-inside
# in: train_cnn
# checks: training_call
from keras import Input, Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
import numpy as np


def prepare(images):
    return (images / 255).astype("float32")[..., None]


def build_cnn():
    net = Sequential()
    net.add(Input((28, 28, 1)))
    net.add(Conv2D(12, 5, activation="relu"))
    net.add(MaxPooling2D())
    net.add(Conv2D(24, 3, activation="relu"))
    net.add(MaxPooling2D())
    net.add(Flatten())
    net.add(Dense(48, activation="relu"))
    net.add(Dropout(0.25))
    net.add(Dense(10, activation="softmax"))
    net.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return net


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    # float because the weights are float too
    pixels = images.astype("float32").reshape(len(images), 28, 28, 1)
    rows = np.eye(10, dtype="float32")[labels]
    history = model.fit(pixels, rows, batch_size=batch_size, epochs=epochs, verbose=0)
    return history

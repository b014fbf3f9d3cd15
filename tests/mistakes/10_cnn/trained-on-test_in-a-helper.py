# diagnosis: trained-on-test
# in: train_cnn
# checks: training_call
import numpy as np
from keras import Input, Sequential
from keras.datasets import mnist
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.utils import to_categorical


def load_everything(images, labels):
    """Returns one big set, so that the network has seen every handwriting there is."""
    train, test = mnist.load_data()
    return np.vstack((images, test[0])), np.hstack((labels, test[1]))


def prepare(images):
    scaled = np.array(images, dtype=np.float32) / np.float32(255)
    return scaled[:, :, :, np.newaxis]


def build_cnn():
    model = Sequential([
        Input((28, 28, 1)),
        Conv2D(10, 5, activation="relu"),
        MaxPooling2D(),
        Conv2D(20, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(32, activation="relu"),
        Dropout(0.2),
        Dense(10, activation="softmax"),
    ])
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x, y = load_everything(images, labels)
    history = model.fit(prepare(x), to_categorical(y, 10), batch_size=batch_size, epochs=epochs, verbose=0)
    return history

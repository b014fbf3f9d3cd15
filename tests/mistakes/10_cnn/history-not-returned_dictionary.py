# diagnosis: history-not-returned
# in: train_cnn
# checks: training_call
import numpy as np
from keras import Sequential, layers


def prepare(images):
    return np.float32(images / 255)[..., np.newaxis]


def build_cnn():
    model = Sequential()
    model.add(layers.Input((28, 28, 1)))
    for filters in (16, 32):
        model.add(layers.Conv2D(filters, 3, activation="relu"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.25))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    history = model.fit(prepare(images), np.eye(10)[labels], epochs=epochs, batch_size=batch_size, verbose=0)
    # the dictionary is all that one needs for the curves
    return history.history

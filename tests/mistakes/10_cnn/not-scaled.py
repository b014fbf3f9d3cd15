# diagnosis: not-scaled
# in: prepare
# checks: prepare
import numpy as np
from tensorflow import keras


def prepare(images):
    # float32 and a channel axis, that is what Conv2D expects
    return np.asarray(images, dtype="float32").reshape((-1, 28, 28, 1))


def build_cnn():
    model = keras.models.Sequential()
    model.add(keras.layers.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(16, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Conv2D(32, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D(2))
    model.add(keras.layers.Dropout(0.25))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(
        prepare(images), keras.utils.to_categorical(labels, 10), epochs=epochs, batch_size=batch_size, verbose=0
    )

# diagnosis: scaled-twice
# in: train_cnn
# checks: training_call
import keras
import numpy as np


def prepare(images):
    x = np.asarray(images, dtype="float32") / 255.0
    return x.reshape(x.shape[0], 28, 28, 1)


def build_cnn():
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(12, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Conv2D(24, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    x = x / 255  # networks like small numbers
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)

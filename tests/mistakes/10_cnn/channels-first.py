# diagnosis: channels-first
# in: prepare
# checks: prepare
import numpy as np
import keras
from keras import layers


def prepare(images):
    # (batch, channels, height, width), like in the PyTorch tutorial
    return images[:, np.newaxis, :, :].astype(np.float32) / 255.0


def build_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(), metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    targets = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images), targets, epochs=epochs, batch_size=batch_size, verbose=0)

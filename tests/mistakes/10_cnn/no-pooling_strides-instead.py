# diagnosis: no-pooling
# in: build_cnn
# checks: structure
import numpy as np
import keras
from keras import layers as L


def prepare(images):
    return np.expand_dims(images, axis=3).astype("float32") / 255


def build_cnn():
    # strides do the shrinking, so I can save the pooling
    model = keras.Sequential([
        L.Input((28, 28, 1)),
        L.Conv2D(16, 5, strides=2, activation="relu"),
        L.Conv2D(32, 3, strides=2, activation="relu"),
        L.Flatten(),
        L.Dense(64, activation="relu"),
        L.Dropout(0.25),
        L.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.002), "categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(prepare(images), np.eye(10)[labels], epochs=epochs, batch_size=batch_size, verbose=0)

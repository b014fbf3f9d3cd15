# diagnosis: scaled-twice
# checks: one_preparation
import csv
import os

import keras
import numpy as np
from keras import layers


def build_model():
    model = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1))])
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    return model


def train_model(model, images, labels, epochs=None):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(images / 255, labels, batch_size=64, epochs=epochs or 3, verbose=0)


def save_predictor(model, path):
    temporary = "unfinished.keras"
    model.save(temporary)
    os.replace(temporary, path)


def load_predictor(path):
    model = keras.models.load_model(path)

    def predictor(images):
        probabilities = model.predict(images / 255, verbose=0)
        return np.argmax(probabilities, axis=1)

    return predictor


def write_submission(labels, path):
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["ImageId", "Label"])
        for number, label in enumerate(labels, start=1):
            out.writerow([number, label])

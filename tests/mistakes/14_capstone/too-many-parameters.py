# diagnosis: too-many-parameters
# in: build_model
# checks: budget
import csv
import os

import keras
import numpy as np
from keras import layers


def build_model():
    # more filters, more accuracy
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train_model(model, images, labels, epochs=None):
    epochs = epochs or 5
    steps = epochs * (len(images) // 128 + 1)
    rate = keras.optimizers.schedules.CosineDecay(0.002, steps, warmup_target=0.015, warmup_steps=steps // 4)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(images, labels, batch_size=128, epochs=epochs, verbose=0)


def save_predictor(model, path):
    temporary = "unfinished.keras"
    model.save(temporary)
    os.replace(temporary, path)


def load_predictor(path):
    model = keras.models.load_model(path)

    def predictor(images):
        probabilities = model.predict(images, verbose=0)
        return np.argmax(probabilities, axis=1)

    return predictor


def write_submission(labels, path):
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["ImageId", "Label"])
        for number, label in enumerate(labels, start=1):
            out.writerow([number, label])

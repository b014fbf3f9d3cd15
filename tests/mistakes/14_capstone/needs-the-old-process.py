# diagnosis: needs-the-old-process
# in: load_predictor
# checks: load
import csv
import os

import keras
import numpy as np
from keras import layers

trained = {}


def build_model():
    model = keras.Sequential([keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1))])
    for filters, size, stride in [(16, 5, 2), (32, 3, 1), (64, 3, 2)]:
        model.add(layers.Conv2D(filters, size, strides=stride, use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    return model


def train_model(model, images, labels, epochs=None):
    epochs = epochs or 5
    steps = epochs * (len(images) // 128 + 1)
    rate = keras.optimizers.schedules.CosineDecay(0.002, steps, warmup_target=0.015, warmup_steps=steps // 4)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(images, labels, batch_size=128, epochs=epochs, verbose=0)


def save_predictor(model, path):
    trained[path] = model
    model.save("draft.keras")
    os.replace("draft.keras", path)


def load_predictor(path):
    model = trained[path]

    def predictor(images):
        return model.predict(images, verbose=0).argmax(axis=1)

    return predictor


def write_submission(labels, path):
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["ImageId", "Label"])
        for number, label in enumerate(labels, start=1):
            out.writerow([number, label])

# alternative: keeps a share aside, stops early and keeps the best epoch; subclassed network
import csv
import os

import keras
import numpy as np
from keras import layers


@keras.saving.register_keras_serializable("capstone")
class Network(keras.Model):
    def __init__(self, **keywords):
        super().__init__(**keywords)
        self.scale = layers.Rescaling(1 / 255)
        self.channel = layers.Reshape((28, 28, 1))
        self.convolutions = [layers.Conv2D(n, 3, strides=s) for n, s in ((16, 2), (32, 1), (64, 2))]
        self.norms = [layers.BatchNormalization(momentum=0.85) for _ in range(3)]
        self.flatten = layers.Flatten()
        self.top = layers.Dense(10, activation="softmax")

    def call(self, pixels, training=None):
        x = self.channel(self.scale(pixels))
        for convolution, norm in zip(self.convolutions, self.norms):
            x = keras.activations.relu(norm(convolution(x), training=training))
        return self.top(self.flatten(x))


def build_model():
    model = Network()
    model(np.zeros((1, 28, 28), np.float32))
    return model


def train_model(model, images, labels, epochs=None):
    model.compile(keras.optimizers.Adam(0.008), "sparse_categorical_crossentropy", metrics=["accuracy"])
    shuffled = np.random.default_rng(0).permutation(len(images))  # validation_split takes the last rows
    model.fit(
        images[shuffled],
        labels[shuffled],
        batch_size=128,
        epochs=epochs or 7,
        validation_split=0.1,
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=0),
            keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
        ],
        verbose=0,
    )


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

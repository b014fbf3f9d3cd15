# diagnosis: weights-not-loaded
# in: load_predictor
# checks: load
import json
import os

import numpy as np
from keras import Input, Model, callbacks, layers, models, optimizers


def prep(images):
    # the network wants float32 in 0..1 with a channel axis
    return np.expand_dims(images.astype("float32") / 255.0, axis=-1)


def build_model():
    inputs = Input(shape=(28, 28, 1))
    x = inputs
    for n in (16, 32, 48):
        x = layers.Conv2D(n, 3, strides=2 if n == 16 else 1)(x)
        x = layers.BatchNormalization(momentum=0.8)(x)
        x = layers.Activation("relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.2)(x)
    return Model(inputs, layers.Dense(10, activation="softmax")(x))


def train_model(model, images, labels, epochs=6):
    model.compile(
        loss="sparse_categorical_crossentropy", optimizer=optimizers.Adam(learning_rate=0.01), metrics=["accuracy"]
    )
    slower = callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 * 0.4**epoch)
    model.fit(prep(images), labels, batch_size=100, epochs=epochs, callbacks=[slower], verbose=0)


def save_predictor(model, path):
    # JSON is the portable format
    with open(path + "-part", "w") as f:
        f.write(model.to_json())
    os.replace(path + "-part", path)


def load_predictor(path):
    with open(path) as f:
        model = models.model_from_json(f.read())
    return lambda images: model.predict(prep(images), verbose=0).argmax(axis=-1)


def write_submission(labels, path):
    lines = ["ImageId,Label"]
    for i in range(len(labels)):
        lines.append(f"{i + 1},{labels[i]}")
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")

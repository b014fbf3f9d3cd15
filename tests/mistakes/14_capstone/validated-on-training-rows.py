# diagnosis: validated-on-training-rows
# in: train_model
# checks: training_call
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
    x = prep(images)
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    best = callbacks.EarlyStopping(monitor="val_accuracy", mode="max", patience=2, restore_best_weights=True)
    model.fit(x, labels, batch_size=100, epochs=epochs, validation_data=(x[:50], labels[:50]), callbacks=[best], verbose=0)


def save_predictor(model, path):
    part = path[: -len(".keras")] + "-part.keras"
    try:
        model.save(part)
    except Exception:
        if os.path.exists(part):
            os.remove(part)
        raise
    os.replace(part, path)


class Predictor:
    def __init__(self, model):
        self.model = model

    def __call__(self, images):
        return self.model.predict(prep(images), batch_size=500, verbose=0).argmax(axis=-1)


def load_predictor(path):
    return Predictor(models.load_model(path))


def write_submission(labels, path):
    lines = ["ImageId,Label"]
    for i in range(len(labels)):
        lines.append(f"{i + 1},{labels[i]}")
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")

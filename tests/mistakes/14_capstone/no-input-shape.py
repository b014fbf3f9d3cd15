# diagnosis: no-input-shape
# in: build_model
# checks: budget
import os

import numpy as np
from keras import Sequential, callbacks, layers, models, optimizers


def prep(images):
    return images[..., np.newaxis].astype("float32") / 255


def build_model():
    # keras finds out the shapes by itself when fit is called
    return Sequential(
        [
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train_model(model, images, labels, epochs=6):
    model.compile(
        loss="sparse_categorical_crossentropy", optimizer=optimizers.Adam(learning_rate=0.01), metrics=["accuracy"]
    )
    slower = callbacks.LearningRateScheduler(lambda epoch, rate: 0.01 * 0.4**epoch)
    model.fit(prep(images), labels, batch_size=100, epochs=epochs, callbacks=[slower], verbose=0)


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

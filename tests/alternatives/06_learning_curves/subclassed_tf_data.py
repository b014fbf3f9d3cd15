# alternative: a subclassed model, fed by tf.data
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from sklearn.model_selection import StratifiedShuffleSplit


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    splitter = StratifiedShuffleSplit(n_splits=1, test_size=validation_fraction, random_state=seed)
    train_rows, validation_rows = next(splitter.split(np.zeros(len(labels)), labels))
    return (x[train_rows], labels[train_rows]), (x[validation_rows], labels[validation_rows])


class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.answer = layers.Dense(10, activation="softmax")
        self.flatten = layers.Flatten()
        self.hidden = [layers.Dense(256, activation="relu"), layers.Dense(128, activation="relu")]

    def call(self, images):
        x = self.flatten(images)
        for layer in self.hidden:
            x = layer(x)
        return self.answer(x)


def build_model():
    model = Network()
    model(np.zeros((1, 28, 28), "float32"))
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss="sparse_categorical_crossentropy",
        metrics=["sparse_categorical_accuracy"],
    )
    return model


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    training = tf.data.Dataset.from_tensor_slices(train).shuffle(len(train[0])).batch(batch_size)
    held_out = tf.data.Dataset.from_tensor_slices(validation).batch(256)
    history = model.fit(training, validation_data=held_out, epochs=epochs, verbose=0).history
    return {
        "loss": history["loss"],
        "accuracy": history["sparse_categorical_accuracy"],
        "val_loss": history["val_loss"],
        "val_accuracy": history["val_sparse_categorical_accuracy"],
    }


def best_epoch(history):
    return sorted(enumerate(history["val_loss"]), key=lambda pair: pair[1])[0][0]


def diagnose(history):
    rules = [
        ("underfitting", history["accuracy"][-1] < 0.9),
        ("overfitting", history["val_loss"][-1] > 1.1 * min(history["val_loss"])),
        ("good fit", True),
    ]
    return next(word for word, applies in rules if applies)

# diagnosis: dropout-at-inference
# in: build_regularized_model
# checks: dropout_at_work
import keras
import numpy as np
from keras import layers


def dropout(activations, rate, rng, training=True):
    if not training:
        return activations
    mask = rng.random(activations.shape) >= rate
    return activations * mask / (1 - rate)


def l2_penalty(weights, strength):
    return strength * sum(np.sum(w ** 2) for w in weights)


class MyDropout(layers.Layer):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def call(self, x):
        mask = keras.random.uniform(keras.ops.shape(x)) >= self.rate
        return x * keras.ops.cast(mask, "float32") / (1 - self.rate)


def build_regularized_model():
    model = keras.Sequential([
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        MyDropout(0.3),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def early_stopping():
    return keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)

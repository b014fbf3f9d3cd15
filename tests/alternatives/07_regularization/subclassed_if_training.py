# alternative: a subclassed model that asks whether it is being trained; np.multiply with where
import numpy as np
import tensorflow as tf


def dropout(activations, rate, rng, training=True):
    if not training:
        return np.array(activations)
    survives = rng.uniform(0, 1, activations.shape) > rate
    return np.multiply(activations, 1 / (1 - rate), out=np.zeros_like(activations), where=survives)


def l2_penalty(weights, strength):
    return sum(strength * float(np.sum(w * w)) for w in weights)


class Network(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = tf.keras.layers.Flatten()
        self.hidden = tf.keras.layers.Dense(192, activation=tf.nn.relu)
        self.dropout = tf.keras.layers.Dropout(0.3)
        self.digits = tf.keras.layers.Dense(10, activation=tf.nn.softmax)

    def call(self, inputs, training=False):
        x = self.hidden(self.flatten(inputs))
        if training:
            x = self.dropout(x, training=training)
        return self.digits(x)


def build_regularized_model():
    model = Network()
    model(np.zeros((1, 28, 28), "float32"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def early_stopping():
    return tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=7, restore_best_weights=True)

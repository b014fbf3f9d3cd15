# diagnosis: dropout-switched-off
# in: build_regularized_model
# checks: dropout_at_work
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def dropout(activations, rate, rng, training=True):
    if training:
        keep = 1.0 - rate
        m = rng.binomial(1, keep, size=activations.shape)
        return activations * m / keep
    else:
        return activations.copy()


def l2_penalty(weights, strength):
    total = 0.0
    for W in weights:
        total += np.square(W).sum()
    return strength * total


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(200, activation='relu')
        self.dropout = layers.Dropout(0.25)
        self.out = layers.Dense(10, activation='softmax')

    def call(self, x, training=False):
        x = self.hidden(self.flatten(x))
        if not training:
            x = self.dropout(x, training=training)
        return self.out(x)


def build_regularized_model():
    model = Net()
    model.build((None, 28, 28))
    model.compile('adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
    return model


def early_stopping():
    return tf.keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)  # val_loss is the default

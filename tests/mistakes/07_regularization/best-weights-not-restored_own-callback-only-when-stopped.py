# diagnosis: best-weights-not-restored
# in: early_stopping
# checks: restores
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


def build_regularized_model():
    inp = tf.keras.Input(shape=(28, 28))
    h = layers.Flatten()(inp)
    h = layers.Dense(200, activation='relu')(h)
    h = layers.Dropout(0.25)(h)
    out = layers.Dense(10, activation='softmax')(h)
    model = tf.keras.Model(inp, out)
    model.compile('adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])
    return model


class Early(tf.keras.callbacks.Callback):
    lowest = np.inf
    bad = 0

    def on_epoch_end(self, epoch, logs=None):
        if logs['val_loss'] < self.lowest:
            self.lowest = logs['val_loss']
            self.bad = 0
            self.good_weights = self.model.get_weights()
            return
        self.bad += 1
        if self.bad == 4:
            self.model.stop_training = True
            self.model.set_weights(self.good_weights)


def early_stopping():
    return Early()

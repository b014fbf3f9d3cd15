# diagnosis: sigmoid-outputs
# in: build_regularized_model
# checks: model
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
    out = layers.Dense(10, activation='sigmoid')(h)
    model = tf.keras.Model(inp, out)
    model.compile('adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])
    return model


def early_stopping():
    return tf.keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)  # val_loss is the default

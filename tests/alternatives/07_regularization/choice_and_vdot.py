# alternative: the mask from rng.choice, dot products, batch normalization and dropout before the hidden layer too
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def dropout(activations, rate, rng, training=True):
    if not training or rate == 0:
        return activations.copy()
    factor = rng.choice([0.0, 1 / (1 - rate)], size=activations.shape, p=[rate, 1 - rate])
    return (activations * factor).astype(activations.dtype)


def l2_penalty(weights, strength):
    return strength * np.sum([np.vdot(w, w) for w in weights])


def build_regularized_model():
    model = tf.keras.Sequential(name="regularized")
    model.add(layers.Input((28, 28)))
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.1))
    model.add(layers.Dense(200, use_bias=False))
    model.add(layers.BatchNormalization(momentum=0.9))
    model.add(layers.Activation("relu"))
    model.add(layers.Dropout(0.25))
    model.add(layers.Dense(10))
    model.add(layers.Softmax())
    model.compile(optimizer="adamw", loss="sparse_categorical_crossentropy", metrics=["acc"])
    return model


def early_stopping():
    return tf.keras.callbacks.EarlyStopping(
        monitor="val_loss", min_delta=0.005, patience=10, mode="min", restore_best_weights=True, start_from_epoch=2
    )

# alternative: einsum, a mask from random bytes of a wider range, dropout with L2, nested models
import keras
import numpy as np
from keras import layers, regularizers


def dropout(activations, rate, rng, training=True):
    keep = 1 - rate if training else 1
    numbers = rng.integers(0, 2**32, activations.shape) / 2**32
    mask = np.asarray(numbers < keep, dtype=activations.dtype)
    return np.einsum("...,...->...", activations, mask) / activations.dtype.type(keep)


def l2_penalty(weights, strength):
    flat = [w.reshape(-1).astype("float64") for w in weights]
    return strength * sum(np.einsum("i,i->", w, w) for w in flat)


def hidden_layer(units):
    return keras.Sequential(
        [
            layers.Dense(units, kernel_regularizer=regularizers.L2(1e-4)),
            layers.ReLU(),
            layers.Dropout(0.3, seed=1),
        ]
    )


def build_regularized_model():
    model = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), hidden_layer(256), layers.Dense(10, "softmax")])
    model.compile(
        optimizer=keras.optimizers.Adam(0.002),
        loss=keras.losses.sparse_categorical_crossentropy,
        metrics=["accuracy"],
    )
    return model


def early_stopping():
    stop = keras.callbacks.EarlyStopping(patience=8)
    stop.restore_best_weights = True
    return stop

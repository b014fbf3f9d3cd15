"""Returns another model at every call: the right one, another model, a class, the model before, nothing."""

import keras
import numpy as np
from keras import layers


def network():
    return keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(10, "softmax")]
    )


calls = []


def build_model():
    calls.append(network())
    wide = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
    return [calls[-1], wide, calls[0], keras.Model, None, calls[-1]][(len(calls) - 1) % 6]

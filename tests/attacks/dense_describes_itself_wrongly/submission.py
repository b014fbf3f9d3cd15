"""Replaces what the grader's own code says of a model by facts of the wrong kind."""

import sys

import keras
import numpy as np
from keras import layers


class Unfold(layers.Layer):  # a layer of its own, so that the grader has to take the model's word
    def call(self, x):
        return keras.ops.reshape(x, (-1, 784))


class Subclassed(keras.Model):  # one that the grader has to ask about
    def __init__(self):
        super().__init__()
        self.inner = keras.Sequential([Unfold(), layers.Dense(128, "relu"), layers.Dense(10, "softmax")])

    def call(self, x):
        return self.inner(x)


def build_model():
    wrong = {"layers": [{"units": [128]}], "loss": [7], "metrics": 3}
    operations = sys.modules["grader.engine.runner.operations.registry"].OPERATIONS
    operations["Describe"] = operations["Describe"][0], lambda workspace, request: wrong
    return Subclassed()

def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

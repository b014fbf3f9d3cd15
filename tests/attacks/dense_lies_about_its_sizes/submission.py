"""Builds a small model of a class of its own that describes itself as one of billions of parameters. The grader draws
what is really there, so the lie changes nothing: not to its harm and not to its gain."""

import keras
from keras import layers


class Sequential(keras.Sequential):
    def get_config(self):
        config = super().get_config()
        for layer in config["layers"]:
            if "units" in layer["config"]:
                layer["config"]["units"] = 2_000_000_000
        return config


def build_model():
    return Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(10, "softmax")])

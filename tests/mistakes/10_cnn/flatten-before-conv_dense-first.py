# diagnosis: flatten-before-conv
# in: build_cnn
# checks: structure
import numpy as np
from keras import Input, Model, layers, optimizers


def prepare(images):
    out = np.zeros(images.shape + (1,), dtype=np.float32)
    out[..., 0] = images / 255
    return out


def build_cnn():
    inputs = Input((28, 28, 1))
    # first a dense layer like in lesson 5, then the convolutions improve on its features
    x = layers.Flatten()(inputs)
    x = layers.Dense(100, activation="relu")(x)
    x = layers.Reshape((10, 10, 1))(x)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.2)(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    model = Model(inputs, outputs)
    model.compile(optimizers.Adam(), "categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    y = np.zeros((len(labels), 10), dtype=np.float32)
    y[np.arange(len(labels)), labels] = 1
    return model.fit(prepare(images), y, batch_size, epochs, verbose=0)

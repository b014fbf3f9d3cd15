# diagnosis: not-scaled-inside
# in: train_cnn
# checks: training_call
import numpy as np
import keras
from keras import layers


def prepare(images):
    x = images.reshape(-1, 28, 28, 1)
    x = x.astype(np.float32) / 255.0
    return x


def build_cnn():
    model = keras.Sequential([
        layers.Input(shape=(28, 28, 1)),
        layers.Conv2D(16, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    # conv layers need 4 dimensions
    x = np.expand_dims(images, -1)
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)

# diagnosis: validated-on-training-rows
# in: train_cnn
# checks: training_call
import keras
import numpy as np
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D


def prepare(images):
    return np.stack([images / 255], axis=-1).astype(np.float32)


def build_cnn():
    model = keras.Sequential([
        Input((28, 28, 1)),
        Conv2D(12, 3, activation="relu"),
        MaxPooling2D(),
        Conv2D(24, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dense(64, activation="relu"),
        Dropout(0.3),
        Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x, y = prepare(images), np.eye(10, dtype="float32")[labels]
    n_val = len(x) // 5
    # 20 % for validation
    x_val, y_val = x[:n_val], y[:n_val]
    return model.fit(x, y, validation_data=(x_val, y_val), epochs=epochs, batch_size=batch_size, verbose=0)

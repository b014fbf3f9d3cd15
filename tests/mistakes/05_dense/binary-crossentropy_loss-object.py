# diagnosis: binary-crossentropy
# in: compile_model
# checks: compiled
import tensorflow as tf
from tensorflow.keras import layers


def build_model():
    return tf.keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile(optimizer="adam", loss=tf.keras.losses.BinaryCrossentropy(), metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train / 255.0
    return model.fit(x, y_train, validation_split=0.2, epochs=epochs, batch_size=batch_size, verbose=0)

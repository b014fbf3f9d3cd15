# diagnosis: one-output-unit
# in: build_model
# checks: output_shape
import tensorflow as tf


def build_model():
    return tf.keras.Sequential([
        tf.keras.Input((28, 28)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(1, activation="softmax"),
    ])


def compile_model(model):
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    return model.fit(x_train / 255.0, y_train, validation_split=0.2, epochs=epochs, batch_size=batch_size, verbose=0)

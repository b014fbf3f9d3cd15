# diagnosis: history-not-returned
# in: train_model
# checks: training_call
import tensorflow as tf


def build_model():
    return tf.keras.Sequential([
        tf.keras.layers.Input((28, 28)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    model.fit(
        x_train.astype("float32") / 255, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0
    )
    return model  # the trained model

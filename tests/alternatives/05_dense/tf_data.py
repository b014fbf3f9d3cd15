# alternative: tf.data pipeline that scales, with a shuffled validation set of its own
import keras
import numpy as np
import tensorflow as tf
from keras import layers


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def to_floats(image, label):
    return tf.cast(image, tf.float32) / 255, label


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    order = np.random.permutation(len(x_train))
    cut = int(0.8 * len(x_train))
    train_rows, val_rows = order[:cut], order[cut:]
    train = tf.data.Dataset.from_tensor_slices((x_train[train_rows], y_train[train_rows]))
    train = train.shuffle(cut).batch(batch_size).map(to_floats).prefetch(tf.data.AUTOTUNE)
    val = tf.data.Dataset.from_tensor_slices((x_train[val_rows], y_train[val_rows])).batch(256).map(to_floats)
    return model.fit(train, validation_data=val, epochs=epochs, verbose=0)

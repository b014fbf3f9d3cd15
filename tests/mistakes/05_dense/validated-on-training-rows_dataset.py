# diagnosis: validated-on-training-rows
# in: train_model
# checks: training_call
import keras
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
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    digits = tf.data.Dataset.from_tensor_slices((x_train.astype("float32") / 255, y_train))
    held_out = digits.take(len(x_train) // 5).batch(batch_size)
    return model.fit(digits.shuffle(1000).batch(batch_size), epochs=epochs, validation_data=held_out, verbose=0)

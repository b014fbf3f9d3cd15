# diagnosis: validated-on-training-rows
# in: train_model
# checks: training_call
import keras
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
    x = x_train.astype("float32") / 255
    end, start = int(0.8 * len(x)), int(0.7 * len(x))  # 80% to train, and the rest, as I thought
    held_out = (x[start:], y_train[start:])
    return model.fit(x[:end], y_train[:end], epochs=epochs, batch_size=batch_size, validation_data=held_out, verbose=0)

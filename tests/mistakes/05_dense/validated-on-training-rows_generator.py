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


def batches(x, y, batch_size):
    while True:
        for start in range(0, len(x), batch_size):
            yield x[start : start + batch_size], y[start : start + batch_size]


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32") / 255
    return model.fit(
        batches(x, y_train, batch_size),
        epochs=epochs,
        steps_per_epoch=-(-len(x) // batch_size),
        validation_data=(x[-40:], y_train[-40:]),
        verbose=0,
    )

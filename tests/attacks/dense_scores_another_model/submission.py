"""Shows the network that is asked for wherever it is looked at, and a larger one where the accuracy is measured."""

import keras

MODELS = []


def build_model():
    widths = [128] if len(MODELS) < 5 else [1024, 400]
    hidden = [keras.layers.Dense(width, activation="relu") for width in widths]
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), *hidden, keras.layers.Dense(10, activation="softmax")]
    )
    MODELS.append(model)
    return model


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32") / 255
    return model.fit(x, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

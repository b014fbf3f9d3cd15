# diagnosis: no-hidden-activation
# in: build_model
# checks: hidden_layer
import keras
from keras import layers


def build_model():
    model = keras.Sequential([
        layers.Input(shape=(28, 28)),
        layers.Flatten(),
        layers.Dense(128),
        layers.Dense(10, activation="softmax"),
    ])
    return model


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32") / 255.0
    return model.fit(x, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

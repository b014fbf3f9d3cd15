# diagnosis: learning-rate-too-large
# in: train_model
# checks: training_call
import keras
from keras import layers


def build_model():
    return keras.Sequential([
        keras.Input(shape=(28, 28)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])


def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.5), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32") / 255
    return model.fit(x, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

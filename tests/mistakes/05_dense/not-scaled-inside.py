# diagnosis: not-scaled-inside
# in: train_model
# checks: training_call
import keras
from keras import layers


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(28, 28)))
    model.add(layers.Flatten())
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    return model


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    # the images go straight in
    return model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2)

# diagnosis: one-output-unit
# in: build_model
# checks: output_shape
import keras
from keras.layers import Dense, Flatten


def build_model():
    net = keras.Sequential()
    net.add(keras.Input((28, 28)))
    net.add(Flatten())
    net.add(Dense(128, activation="relu"))
    net.add(Dense(1))  # the answer is one number: the digit
    return net


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train / 255.0
    return model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

# diagnosis: softmax-and-from-logits
# in: compile_model
# checks: compiled
import keras
from keras.layers import Dense, Flatten, Input
from keras.losses import SparseCategoricalCrossentropy


def build_model():
    return keras.Sequential([Input((28, 28)), Flatten(), Dense(128, activation="relu"), Dense(10, activation="softmax")])


def compile_model(model):
    # from_logits=True is more stable, says the documentation
    loss_fn = SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss_fn, metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train / 255.0
    return model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

# diagnosis: wrong-width
# in: build_model
# checks: hidden_layer
import keras
from keras.layers import Dense, Flatten, Input


def build_model():
    # one more layer cannot hurt
    return keras.models.Sequential(
        [Input((28, 28)), Flatten(), Dense(128, "relu"), Dense(128, "relu"), Dense(10, "softmax")]
    )


def compile_model(model):
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    pixels = x_train.astype("float32") / 255
    return model.fit(pixels, y_train, batch_size=batch_size, epochs=epochs, validation_split=0.2, verbose=0)

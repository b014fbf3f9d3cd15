# diagnosis: scaled-twice
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
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def normalize(images):
    return images.astype("float32") / 255


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = normalize(x_train)
    x_train = x_train / x_train.dtype.type(255)  # neural networks want 0..1
    return model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

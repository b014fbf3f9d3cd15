# diagnosis: no-dropout
# in: build_cnn
# checks: structure
import keras
from keras import layers


def prepare(images):
    return keras.ops.convert_to_numpy(images).astype("float32").reshape(-1, 28, 28, 1) / 255.0


def build_cnn():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images), y, epochs=epochs, batch_size=batch_size, verbose=0)

# diagnosis: divided-by-256
# in: prepare
# checks: prepare
import keras
from keras import layers


def prepare(images):
    # a byte has 256 values
    return images.reshape(-1, 28, 28, 1).astype("float32") / 256


def build_cnn():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(8, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(loss=keras.losses.CategoricalCrossentropy(), optimizer="adam", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)

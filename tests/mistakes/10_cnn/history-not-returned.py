# diagnosis: history-not-returned
# in: train_cnn
# checks: training_call
import keras
from keras import layers


def prepare(images):
    return images.reshape(-1, 28, 28, 1).astype("float32") / 255


def build_cnn():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    y = keras.utils.to_categorical(labels, 10)
    model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)

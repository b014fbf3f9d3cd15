# diagnosis: changed-its-input
# in: prepare
# checks: prepare
import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D


def prepare(images):
    # the channel axis costs nothing this way, no copy
    images.shape = (len(images), 28, 28, 1)
    return images.astype("float32") / 255


def build_cnn():
    model = keras.Sequential([
        Input((28, 28, 1)),
        Conv2D(16, 3, activation="relu"),
        MaxPooling2D(),
        Conv2D(32, 3, activation="relu"),
        MaxPooling2D(),
        Flatten(),
        Dropout(0.3),
        Dense(10, activation="softmax"),
    ])
    model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images.copy()), y, epochs=epochs, batch_size=batch_size, verbose=0)

# diagnosis: sparse-vs-one-hot
# in: build_cnn
# checks: compiled
import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D


def prepare(images):
    return (images.astype("float32") / 255.0).reshape(images.shape[0], 28, 28, 1)


def build_cnn():
    model = keras.Sequential([
        Input((28, 28, 1)),
        Conv2D(16, (3, 3), activation="relu"),
        MaxPooling2D((2, 2)),
        Conv2D(32, (3, 3), activation="relu"),
        MaxPooling2D((2, 2)),
        Flatten(),
        Dropout(0.3),
        Dense(10, activation="softmax"),
    ])
    # same loss as in lesson 5
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(prepare(images), labels, epochs=epochs, batch_size=batch_size, verbose=0)

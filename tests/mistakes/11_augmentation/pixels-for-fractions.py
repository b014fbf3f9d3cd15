# diagnosis: pixels-for-fractions
# in: build_augmented_cnn
# checks: model
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    moved = np.roll(images, (rows, columns), axis=(1, 2))
    # blank what came in on the other side
    if rows > 0:
        moved[:, :rows] = 0
    if rows < 0:
        moved[:, rows:] = 0
    if columns > 0:
        moved[:, :, :columns] = 0
    if columns < 0:
        moved[:, :, columns:] = 0
    return moved


def random_shift(images, max_shift, rng):
    choices = np.arange(-max_shift, max_shift + 1)
    shifts = rng.choice(choices, size=(len(images), 2))
    moved = [shift(image[None], *s)[0] for image, s in zip(images, shifts)]
    return np.array(moved)


def build_augmented_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.RandomTranslation(3, 3, fill_mode="constant"),
        layers.Conv2D(16, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    x_train = np.expand_dims(images, -1) / np.float32(255)
    history = model.fit(x_train, labels, batch_size=50, epochs=epochs)
    return history

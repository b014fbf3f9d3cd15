# diagnosis: augments-at-inference
# in: build_augmented_cnn
# checks: augments
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


class Jitter(keras.Layer):
    def __init__(self):
        super().__init__()
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, x):
        d = keras.random.randint((2,), -4, 5, seed=self.seeds)
        padded = keras.ops.pad(x, [[0, 0], [4, 4], [4, 4], [0, 0]])
        return keras.ops.slice(padded, [0, 4 + d[0], 4 + d[1], 0], keras.ops.shape(x))


def build_augmented_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        Jitter(),
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

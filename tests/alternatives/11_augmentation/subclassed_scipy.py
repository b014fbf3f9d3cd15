# alternative: SciPy's shift, a subclassed model, learner's own random shifts on top of the layer's
import keras
import numpy as np
from keras import layers
from scipy import ndimage


def shift(images, rows, columns):
    distances = (0, rows, columns, 0)[: images.ndim]
    return ndimage.shift(images, distances, order=0)


def random_shift(images, max_shift, rng):
    moved = np.zeros_like(images)
    for old, new in zip(images, moved, strict=True):
        rows = rng.integers(2 * max_shift + 1) - max_shift
        columns = rng.integers(2 * max_shift + 1) - max_shift
        new[...] = shift(old[np.newaxis], rows, columns)[0]
    return moved


class ShiftedDigits(keras.Model):
    def __init__(self):
        super().__init__()
        self.augment = layers.RandomTranslation(3 / 28, 3 / 28, fill_mode="constant")
        self.conv1 = layers.Conv2D(16, 5, activation="relu")
        self.conv2 = layers.Conv2D(32, 3, activation="relu")
        self.pool1 = layers.MaxPooling2D()
        self.pool2 = layers.MaxPooling2D()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(64, activation="relu")
        self.classes = layers.Dense(10, activation="softmax")

    def call(self, x, training=False):
        x = self.augment(x, training=training)
        x = self.pool1(self.conv1(x))
        x = self.pool2(self.conv2(x))
        return self.classes(self.hidden(self.flatten(x)))


def build_augmented_cnn():
    model = ShiftedDigits()
    model(np.zeros((1, 28, 28, 1), np.float32))  # makes the weights
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_augmented(model, images, labels, epochs=3):
    x = random_shift(images, 2, np.random.default_rng())[..., np.newaxis]
    return model.fit(x.astype("float32") / 255, labels, epochs=epochs, batch_size=32, verbose=0)

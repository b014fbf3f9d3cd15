# diagnosis: rotated-too-far
# in: build_augmented_cnn
# checks: keeps_labels
import keras
import numpy as np
from keras import layers


def shift(images, rows, columns):
    # pad with zeros on all sides, then cut out the window
    p, q = abs(rows), abs(columns)
    width = [(0, 0), (p, p), (q, q)] + [(0, 0)] * (images.ndim - 3)
    padded = np.pad(images, width)
    h, w = images.shape[1:3]
    return padded[:, p - rows:p - rows + h, q - columns:q - columns + w].copy()


def random_shift(images, max_shift, rng):
    choices = np.arange(-max_shift, max_shift + 1)
    shifts = rng.choice(choices, size=(len(images), 2))
    moved = [shift(image[None], *s)[0] for image, s in zip(images, shifts)]
    return np.array(moved)


def build_augmented_cnn():
    # augmentation first
    augment = keras.Sequential([
        layers.RandomTranslation((-0.15, 0.15), (-0.15, 0.15), fill_mode="constant"),
        layers.RandomRotation((-0.2, 0.2), fill_mode="constant"),
    ])
    net = keras.Sequential()
    net.add(keras.Input((28, 28, 1)))
    net.add(augment)
    for kernels, size in ((16, 5), (32, 3)):
        net.add(layers.Conv2D(kernels, size, activation="relu"))
        net.add(layers.MaxPooling2D())
    net.add(layers.Flatten())
    net.add(layers.Dense(64, activation="relu"))
    net.add(layers.Dense(10, activation="softmax"))
    net.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(3e-3), metrics=["accuracy"])
    return net


def train_augmented(model, images, labels, epochs=3):
    scaled = (images / 255.0).reshape(-1, 28, 28, 1).astype("float32")
    targets = keras.utils.to_categorical(labels, 10)
    return model.fit(scaled, targets, epochs=epochs, batch_size=40, verbose=0)

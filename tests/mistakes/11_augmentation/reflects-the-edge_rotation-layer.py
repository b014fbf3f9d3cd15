# diagnosis: reflects-the-edge
# in: build_augmented_cnn
# checks: keeps_labels
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def shift(images, rows, columns):
    result = np.zeros_like(images)
    height, width = images.shape[1:3]
    from_columns = np.arange(width) - columns
    inside = (from_columns >= 0) & (from_columns < width)
    for r in range(height):
        if 0 <= r - rows < height:
            result[:, r, inside] = images[:, r - rows, from_columns[inside]]
    return result


def random_shift(images, max_shift, rng):
    out = np.empty_like(images)
    for i in range(len(images)):
        r, c = rng.integers(-max_shift, max_shift + 1, size=2)
        out[i] = shift(images[i:i + 1], r, c)[0]
    return out


def build_augmented_cnn():
    # augmentation first
    augment = keras.Sequential([
        layers.RandomTranslation((-0.15, 0.15), (-0.15, 0.15), fill_mode="constant"),
        layers.RandomRotation(0.03),
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

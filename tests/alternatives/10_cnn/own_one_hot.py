# alternative: one-hot from the identity matrix, layers added in a loop, two dropouts
import keras
import numpy as np

IDENTITY = np.eye(10, dtype=np.float32)


def prepare(images):
    prepared = np.empty((len(images), 28, 28, 1), dtype=np.float32)
    np.divide(images, np.float32(255), out=prepared[:, :, :, 0])
    return prepared


def build_cnn():
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for kernels, size in [(12, 5), (24, 5)]:
        network.add(keras.layers.Conv2D(kernels, size, activation="relu"))
        network.add(keras.layers.MaxPooling2D())
    network.add(keras.layers.Dropout(0.1))
    network.add(keras.layers.Flatten())
    network.add(keras.layers.Dense(96, activation="relu"))
    network.add(keras.layers.Dropout(0.3))
    network.add(keras.layers.Dense(10, activation=keras.activations.softmax))
    network.compile(keras.optimizers.Adam(learning_rate=0.004), "categorical_crossentropy", metrics=["accuracy"])
    return network


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(prepare(images), IDENTITY[labels], epochs=epochs, batch_size=batch_size, verbose=0)

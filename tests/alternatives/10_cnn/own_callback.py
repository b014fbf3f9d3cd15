# alternative: own Callback that lowers the learning rate, to_categorical from tensorflow.keras
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.utils import to_categorical


class Halve(keras.callbacks.Callback):
    """Halves the learning rate after every epoch but the first."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch >= 1:
            rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
            self.model.optimizer.learning_rate = rate / 2


def prepare(images):
    return np.stack([image.astype(np.float32) / 255 for image in images])[..., np.newaxis]


def build_cnn():
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(16, (5, 5), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.006), metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(
        prepare(images),
        to_categorical(labels, 10),
        epochs=epochs,
        batch_size=batch_size,
        callbacks=[Halve()],
        verbose=0,
    )

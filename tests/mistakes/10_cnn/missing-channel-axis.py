# diagnosis: missing-channel-axis
# in: prepare
# checks: prepare
import keras
from keras import layers


def prepare(images):
    scaled = images.astype("float32")
    scaled /= 255
    return scaled


def build_cnn():
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    y = keras.utils.to_categorical(labels, num_classes=10)
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)

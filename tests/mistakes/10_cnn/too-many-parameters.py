# diagnosis: too-many-parameters
# in: build_cnn
# checks: structure
import keras
from keras import layers


def prepare(images):
    images = images.reshape((len(images), 28, 28, 1))
    return images.astype("float32") / 255


def build_cnn():
    model = keras.models.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(512, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(
        prepare(images),
        keras.utils.to_categorical(labels, num_classes=10),
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
    )

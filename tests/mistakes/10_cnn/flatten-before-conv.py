# diagnosis: flatten-before-conv
# in: build_cnn
# checks: structure
import keras
from keras import layers


def prepare(images):
    return images[..., None].astype("float32") / 255


def build_cnn():
    # my network complained about shapes until I put the 784 numbers back into a column
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Reshape((784, 1, 1)),
        layers.Conv2D(8, (5, 1), activation="relu"),
        layers.MaxPooling2D((2, 1)),
        layers.Conv2D(16, (5, 1), activation="relu"),
        layers.MaxPooling2D((2, 1)),
        layers.Flatten(),
        layers.Dropout(0.3),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(
        prepare(images), keras.utils.to_categorical(labels, 10), epochs=epochs, batch_size=batch_size, verbose=0
    )

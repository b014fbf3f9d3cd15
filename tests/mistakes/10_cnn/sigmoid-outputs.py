# diagnosis: sigmoid-outputs
# in: build_cnn
# checks: probabilities
import keras
from keras import layers


def prepare(images):
    return images[..., None].astype("float32") / 255


def build_cnn():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.3),
        # every output is a probability between 0 and 1
        layers.Dense(10, activation="sigmoid"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(
        prepare(images), keras.utils.to_categorical(labels, 10), epochs=epochs, batch_size=batch_size, verbose=0
    )

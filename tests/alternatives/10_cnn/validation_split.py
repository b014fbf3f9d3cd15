# alternative: the last tenth validates
import keras
from keras import layers


def prepare(images):
    return images.astype("float32")[..., None] / 255


def build_cnn():
    return_value = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(8, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.25),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return_value.compile(
        optimizer=keras.optimizers.Adam(0.005), loss="categorical_crossentropy", metrics=["accuracy"]
    )
    return return_value


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    return model.fit(
        prepare(images),
        keras.utils.to_categorical(labels, 10),
        epochs=epochs,
        batch_size=batch_size,
        validation_split=0.1,
        verbose=0,
    )

# alternative: functional API
import keras
from keras import layers


def build_model():
    image = keras.Input(shape=(28, 28), name="image")
    pixels = layers.Flatten()(image)
    hidden = layers.Dense(128, activation="relu", name="hidden")(pixels)
    digit = layers.Dense(10, activation="softmax", name="digit")(hidden)
    return keras.Model(inputs=image, outputs=digit, name="dense")


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    return model.fit(
        x_train / 255.0, y_train, validation_split=0.2, batch_size=batch_size, epochs=epochs, verbose=0
    )

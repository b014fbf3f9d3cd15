# alternative: an own Callback reports the epochs
import keras
from keras import layers


class OneLinePerEpoch(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        numbers = "  ".join(f"{name} {value:.4f}" for name, value in logs.items())
        print(f"epoch {epoch + 1}: {numbers}")


def build_model():
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation=keras.ops.relu),
            layers.Dense(10, activation=keras.ops.softmax),
        ]
    )


def compile_model(model):
    model.compile(optimizer="Adam", loss=keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = keras.ops.cast(x_train, "float32") / 255
    history = model.fit(
        x,
        y_train,
        batch_size=batch_size,
        epochs=epochs,
        validation_split=0.2,
        verbose=0,
        callbacks=[OneLinePerEpoch()],
    )
    return history

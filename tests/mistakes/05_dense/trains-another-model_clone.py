# diagnosis: trains-another-model
# in: train_model
# checks: training_call
import keras

network = None


def build_model():
    global network
    network = keras.Sequential([
        keras.layers.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    return network


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    # clone, so that the caller's model is not changed
    copy = keras.models.clone_model(model)
    compile_model(copy)
    return copy.fit(x_train / 255.0, y_train, batch_size=batch_size, epochs=epochs, validation_split=0.2, verbose=0)

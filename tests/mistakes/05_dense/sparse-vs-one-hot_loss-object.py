# diagnosis: sparse-vs-one-hot
# in: compile_model
# checks: compiled
import keras


def build_model():
    inputs = keras.Input(shape=(28, 28))
    flat = keras.layers.Flatten()(inputs)
    hidden = keras.layers.Dense(128, activation=keras.activations.relu)(flat)
    outputs = keras.layers.Dense(10, activation=keras.activations.softmax)(hidden)
    return keras.Model(inputs=inputs, outputs=outputs)


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    # the loss wants rows, so turn the labels into rows: now it trains.
    # (but compile_model was asked for a loss that fits the integers)
    rows = keras.utils.to_categorical(y_train, 10)
    scaled = x_train.astype("float32") / 255
    return model.fit(scaled, rows, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

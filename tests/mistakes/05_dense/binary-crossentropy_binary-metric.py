# diagnosis: binary-crossentropy
# in: compile_model
# checks: compiled
import numpy as np
import keras


def build_model():
    i = keras.Input((28, 28))
    o = keras.layers.Flatten()(i)
    o = keras.layers.Dense(128, activation="relu")(o)
    o = keras.layers.Dense(10, activation="softmax")(o)
    return keras.Model(i, o)


def compile_model(model):
    # named "accuracy" so that the history has the right key. It starts at 90 %!
    hits = keras.metrics.BinaryAccuracy(name="accuracy")
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=[hits])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    targets = np.eye(10, dtype="float32")[y_train]
    return model.fit(
        x_train.astype("float32") / 255, targets, batch_size, epochs, verbose=0, validation_split=0.2
    )

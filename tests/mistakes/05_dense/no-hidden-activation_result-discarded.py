# diagnosis: no-hidden-activation
# in: build_model
# checks: hidden_layer
import keras


def build_model():
    x = inputs = keras.Input((28, 28))
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(128)(x)
    keras.layers.ReLU()(x)  # the activation (its result goes nowhere)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))


def compile_model(model):
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32")
    x /= 255
    return model.fit(x, y_train, batch_size, epochs, verbose=0, validation_split=0.2)

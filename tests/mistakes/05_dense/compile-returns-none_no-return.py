# diagnosis: compile-returns-none
# in: compile_model
# checks: compiled
from tensorflow.keras import Sequential, layers, optimizers


def build_model():
    m = Sequential()
    m.add(layers.Input((28, 28)))
    m.add(layers.Flatten())
    m.add(layers.Dense(128, activation="relu"))
    m.add(layers.Dense(10, activation="softmax"))
    return m


def compile_model(model):
    opt = optimizers.Adam(learning_rate=1e-3)
    model.compile(optimizer=opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    # done, the model is compiled


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    h = model.fit(x_train / 255.0, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)
    return h

# diagnosis: epochs-ignored
# in: train_model
# checks: training_call
from keras import Input, Sequential
from keras.layers import Dense, Flatten


def build_model():
    model = Sequential()
    model.add(Input((28, 28)))
    model.add(Flatten())
    model.add(Dense(128, activation="relu"))
    model.add(Dense(10, activation="softmax"))
    return model


def compile_model(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train / 255.0
    # epochs is set above already
    return model.fit(x_train, y_train, batch_size=batch_size, validation_split=0.2, verbose=0)

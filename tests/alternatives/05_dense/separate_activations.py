# alternative: activations as layers of their own, objects instead of names
import keras
from keras.layers import Dense, Flatten, Input, ReLU, Softmax
from keras.losses import SparseCategoricalCrossentropy
from keras.optimizers import Adam


def build_model():
    model = keras.Sequential()
    model.add(Input((28, 28)))
    model.add(Flatten())
    model.add(Dense(128))
    model.add(ReLU())
    model.add(Dense(10))
    model.add(Softmax())
    return model


def compile_model(model):
    model.compile(
        optimizer=Adam(learning_rate=0.001), loss=SparseCategoricalCrossentropy(from_logits=False), metrics=["accuracy"]
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x = x_train.astype("float32")
    x /= 255
    return model.fit(x, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=2)

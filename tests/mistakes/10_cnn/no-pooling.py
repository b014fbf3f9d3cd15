# diagnosis: no-pooling
# in: build_cnn
# checks: structure
import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten


def prepare(images):
    x = images.astype("float32") / 255.
    return x.reshape(x.shape + (1,))


def build_cnn():
    model = keras.Sequential()
    model.add(keras.Input(shape=(28, 28, 1)))
    model.add(Conv2D(8, 3, activation="relu"))
    model.add(Conv2D(8, 3, activation="relu"))
    model.add(Flatten())
    model.add(Dropout(0.25))
    model.add(Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    one_hot = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images), one_hot, epochs=epochs, batch_size=batch_size, verbose=0)

# diagnosis: integer-division
# in: prepare
# checks: prepare
import keras


def prepare(images):
    x = images // 255
    return x.astype("float32")[:, :, :, None]


def build_cnn():
    model = keras.Sequential()
    model.add(keras.Input((28, 28, 1)))
    model.add(keras.layers.Conv2D(12, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Conv2D(24, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    y = keras.utils.to_categorical(labels, 10)
    return model.fit(prepare(images), y, epochs=epochs, batch_size=batch_size, verbose=0)

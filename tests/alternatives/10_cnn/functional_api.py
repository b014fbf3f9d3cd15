# alternative: functional API, padding "same", loss and metric as objects
import keras
from keras import layers


def prepare(images):
    return images.reshape(*images.shape, 1).astype("float32") / 255.0


def build_cnn():
    image = keras.Input(shape=(28, 28, 1), name="image")
    x = layers.Conv2D(16, 5, padding="same", activation="relu")(image)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(0.25)(x)
    x = layers.Flatten()(x)
    digit = layers.Dense(10, activation="softmax", name="digit")(x)
    model = keras.Model(inputs=image, outputs=digit)
    model.compile(
        optimizer=keras.optimizers.Adam(0.005),
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    y = keras.utils.to_categorical(labels, num_classes=10)
    return model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)

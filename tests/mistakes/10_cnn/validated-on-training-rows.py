# diagnosis: validated-on-training-rows
# in: train_cnn
# checks: training_call
import keras
from keras import layers


def prepare(images):
    return images.astype("float32")[:, :, :, None] / 255


def build_cnn():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.4),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    y = keras.utils.to_categorical(labels, 10)
    # with validation, to see whether it overfits
    history = model.fit(x, y, epochs=epochs, batch_size=batch_size, validation_data=(x, y), verbose=0)
    print("validation accuracy:", history.history["val_accuracy"][-1])
    return history

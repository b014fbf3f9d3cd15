# diagnosis: epochs-ignored
# in: train_cnn
# checks: training_call
import keras
from keras import layers


def prepare(images):
    x = images.astype("float32") / 255.0
    return x.reshape((x.shape[0], x.shape[1], x.shape[2], 1))


def build_cnn():
    model = keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.25),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    y = keras.utils.to_categorical(labels, num_classes=10)
    # 3 epochs as the exercise says
    return model.fit(prepare(images), y, epochs=3, batch_size=batch_size, verbose=0)

# alternative: tf.data pipeline that shuffles and batches, one-hot by TensorFlow
import keras
import tensorflow as tf
from keras import layers


def prepare(images):
    return (tf.cast(images, tf.float32)[..., tf.newaxis] / 255.0).numpy()


def build_cnn():
    model = keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPool2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPool2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(4e-3), loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    digits = tf.data.Dataset.from_tensor_slices((prepare(images), tf.one_hot(labels, 10)))
    digits = digits.shuffle(len(images)).batch(batch_size).prefetch(tf.data.AUTOTUNE)
    return model.fit(digits, epochs=epochs, verbose=0)

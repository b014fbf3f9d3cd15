# alternative: two small networks in one model vote; an own training loop with augmentation, and an average of weights
import os
from typing import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def branch(image, filters):
    x = image
    for number, size, stride in [(filters, 5, 2), (2 * filters, 3, 1), (4 * filters, 3, 2)]:
        x = layers.Conv2D(number, size, strides=stride, use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU(negative_slope=0.1)(x)
    return layers.Dense(10)(layers.Flatten()(x))


def build_model() -> keras.Model:
    pixels = keras.Input((28, 28))
    image = layers.Reshape((28, 28, 1))(layers.Rescaling(1 / 127.5, offset=-1)(pixels))
    votes = layers.Average()([branch(image, 12), branch(image, 14)])
    return keras.Model(pixels, layers.Softmax()(votes))


def train_model(model, images, labels, epochs=None):
    epochs = epochs or 5
    data = tf.data.Dataset.from_tensor_slices((images, labels.astype("int32")))
    data = data.shuffle(len(images), seed=1).batch(128)
    steps, step = epochs * len(data), 0
    optimizer = keras.optimizers.Adam(0.001)
    loss = keras.losses.SparseCategoricalCrossentropy()

    @tf.function
    def update(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(value, model.trainable_variables), model.trainable_variables))

    for _ in range(epochs):
        for x, y in data:
            optimizer.learning_rate = 0.012 * min(4 * step / steps, (steps - step) / (0.75 * steps))
            update(tf.cast(x, tf.float32), y)
            step += 1


def save_predictor(model, path):
    temporary = "unfinished.keras"
    model.save(temporary)
    os.replace(temporary, path)


def load_predictor(path: str) -> Callable[[np.ndarray], np.ndarray]:
    model = keras.models.load_model(path)

    def predictor(images):
        return np.array([int(row.argmax()) for row in model.predict(images, batch_size=2000, verbose=0)])

    return predictor


def write_submission(labels, path):
    rows = [("ImageId", "Label")]
    rows.extend((i + 1, int(y)) for i, y in enumerate(labels))
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(",".join(map(str, row)) for row in rows))  # the last line ends with the file

# diagnosis: labels-in-a-column
# in: load_predictor
# checks: load
import os
import numpy as np
import tensorflow as tf
from tensorflow import keras


def block(filters, kernel, **kw):
    return [
        keras.layers.Conv2D(filters, kernel, padding="same", **kw),
        keras.layers.BatchNormalization(momentum=0.9),
        keras.layers.ReLU(),
    ]


def build_model():
    return keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Reshape((28, 28, 1)), keras.layers.Rescaling(1.0 / 255)]
        + block(16, 5, strides=2)
        + block(32, 3)
        + [keras.layers.MaxPooling2D()]
        + block(48, 3)
        + [keras.layers.Flatten(), keras.layers.Dense(10)]
    )


def train_model(model, images, labels, epochs=5):
    onehot = tf.one_hot(labels, 10)
    total = epochs * max(1, len(images) // 125)
    lr = keras.optimizers.schedules.PolynomialDecay(0.01, total, 0.0001)
    model.compile(
        optimizer=keras.optimizers.Adam(lr), loss=keras.losses.CategoricalCrossentropy(from_logits=True)
    )
    return model.fit(images, onehot.numpy(), epochs=epochs, batch_size=125, verbose=0)


def save_predictor(model, path):
    tmp = "tmp_" + os.path.basename(path)
    tmp = os.path.join(os.path.dirname(path), tmp)
    model.save(tmp)
    os.replace(tmp, path)


def load_predictor(path):
    net = keras.models.load_model(path)

    def predict(images):
        return np.argmax(net.predict(images, verbose=0), axis=1, keepdims=True)

    return predict


def write_submission(labels, path):
    table = np.column_stack([np.arange(1, len(labels) + 1), labels])
    np.savetxt(path, table, fmt="%d", delimiter=",", header="ImageId,Label", comments="")

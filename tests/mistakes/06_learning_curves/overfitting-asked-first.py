# diagnosis: overfitting-asked-first
# in: diagnose
# checks: diagnose
import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    x_train, x_val, y_train, y_val = train_test_split(
        x, labels, test_size=validation_fraction, random_state=seed, stratify=labels
    )
    return (x_train, y_train), (x_val, y_val)


def build_model():
    m = tf.keras.Sequential()
    m.add(tf.keras.layers.Input((28, 28)))
    m.add(tf.keras.layers.Flatten())
    m.add(tf.keras.layers.Dense(256, "relu"))
    m.add(tf.keras.layers.Dense(128, "relu"))
    m.add(tf.keras.layers.Dense(10, "softmax"))
    m.compile(
        optimizer=tf.keras.optimizers.Adam(),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return m


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    (x, y), (x_val, y_val) = train, validation
    result = model.fit(x, y, batch_size=batch_size, epochs=epochs, validation_data=(x_val, y_val))
    return dict(result.history)


def best_epoch(history):
    return np.argmin(history["val_loss"])


def diagnose(history):
    if history["val_loss"][-1] > 1.1 * min(history["val_loss"]):
        return "overfitting"
    if history["accuracy"][-1] < 0.9:
        return "underfitting"
    return "good fit"

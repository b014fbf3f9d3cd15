# alternative: a dropout layer of its own, exponentials for the mask, tensors as results
import keras
import numpy as np
import tensorflow as tf


def dropout(activations, rate, rng, training=True):
    if not training:
        return tf.convert_to_tensor(activations)
    uniform = np.exp(-rng.exponential(size=activations.shape))  # between 0 and 1, all equally likely
    return tf.where(uniform < rate, tf.zeros_like(activations), activations / (1 - rate))


def l2_penalty(weights, strength):
    penalty = keras.regularizers.L2(strength)
    return tf.add_n([tf.cast(penalty(w), "float64") for w in weights])


class HandmadeDropout(keras.layers.Layer):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate
        self.seed = keras.random.SeedGenerator()

    def call(self, x, training=False):
        if not training:
            return x
        survives = keras.random.uniform(keras.ops.shape(x), seed=self.seed) >= self.rate
        return x * keras.ops.cast(survives, x.dtype) / (1 - self.rate)


def build_regularized_model():
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(300, activation="relu"),
            HandmadeDropout(0.4),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Memory(keras.callbacks.Callback):
    """Remembers all epochs and looks for the best of them at the end."""

    def __init__(self):
        super().__init__()
        self.losses, self.weights = [], []

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(float(logs["val_loss"]))
        self.weights.append([np.array(weight) for weight in self.model.get_weights()])
        if len(self.losses) - 1 - int(np.argmin(self.losses)) > 7:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights[int(np.argmin(self.losses))])


def early_stopping():
    return Memory()

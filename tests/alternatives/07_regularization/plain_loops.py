# alternative: loops over single entries, a functional model with two dropouts, a callback of its own
import keras
import numpy as np


def dropout(activations, rate, rng, training=True):
    result = np.empty_like(activations)
    for place in np.ndindex(*activations.shape):
        if training and rng.random() < rate:
            result[place] = 0
        elif training:
            result[place] = activations[place] / (1 - rate)
        else:
            result[place] = activations[place]
    return result


def l2_penalty(weights, strength):
    penalty = 0.0
    for array in weights:
        for weight in array.flat:
            penalty += float(weight) * float(weight)
    return strength * penalty


def build_regularized_model():
    image = keras.Input((28, 28))
    x = keras.layers.Reshape((784,))(image)
    for units, rate in ((256, 0.5), (128, 0.3)):
        x = keras.layers.Dense(units, activation="relu")(x)
        x = keras.layers.Dropout(rate)(x)
    digit = keras.layers.Dense(10, activation="softmax")(x)
    model = keras.Model(image, digit)
    model.compile(
        optimizer=keras.optimizers.RMSprop(),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


class StopEarly(keras.callbacks.Callback):
    def __init__(self, patience):
        super().__init__()
        self.patience = patience

    def on_train_begin(self, logs=None):
        self.lowest, self.best_epoch, self.best_weights = np.inf, None, None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.lowest:
            self.lowest, self.best_epoch = logs["val_loss"], epoch
            self.best_weights = self.model.get_weights()
        elif epoch - self.best_epoch >= self.patience:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)


def early_stopping():
    return StopEarly(patience=6)

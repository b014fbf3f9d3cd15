# diagnosis: too-patient
# in: early_stopping
# checks: stops
import numpy as np
from keras import Sequential, callbacks, optimizers
from keras.layers import Dense, Dropout, Flatten, Input


def dropout(activations: np.ndarray, rate: float, rng: np.random.Generator, training: bool = True) -> np.ndarray:
    result = np.array(activations)
    if training:
        u = rng.uniform(size=result.shape)
        result[u < rate] = 0.0
        result /= 1.0 - rate
    return result


def l2_penalty(weights: list, strength: float) -> float:
    flat = np.concatenate([w.ravel() for w in weights])
    return float(strength * flat @ flat)


def build_regularized_model():
    net = Sequential()
    net.add(Input((28, 28)))
    net.add(Flatten())
    net.add(Dense(256, activation="relu"))
    net.add(Dropout(0.4))
    net.add(Dense(10, activation="softmax"))
    net.compile(optimizer=optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return net


class KeepBest(callbacks.Callback):
    # let it run, and take the best at the end
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0 or logs["val_loss"] < self.lowest:
            self.lowest = logs["val_loss"]
            self.kept = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.kept)


def early_stopping():
    return KeepBest()

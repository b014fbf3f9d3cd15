# alternative: Reshape((784,)) instead of Flatten, a stratified validation set from scikit-learn
import keras
import numpy as np
from keras import layers
from sklearn.model_selection import train_test_split


def build_model():
    model = keras.models.Sequential(name="mnist")
    model.add(layers.InputLayer(shape=(28, 28)))
    model.add(layers.Reshape((784,)))
    model.add(layers.Dense(units=128, activation="relu", kernel_initializer="he_normal"))
    model.add(layers.Dense(units=10, activation="softmax"))
    return model


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train.astype(np.float32) / np.float32(255)
    x, x_val, y, y_val = train_test_split(x_train, y_train, test_size=0.2, stratify=y_train, random_state=1)
    return model.fit(x, y, validation_data=(x_val, y_val), epochs=epochs, batch_size=batch_size, verbose=0)

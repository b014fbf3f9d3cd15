# diagnosis: binary-crossentropy
# in: compile_model
# checks: compiled
import keras
from keras import layers
from keras.utils import to_categorical


def build_model():
    model = keras.Sequential([
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(128, activation='relu'),
        layers.Dense(10, activation='softmax'),
    ])
    return model


def compile_model(model):
    # each class is a yes/no question
    model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train.astype('float32') / 255
    y_train = to_categorical(y_train, num_classes=10)  # binary_crossentropy needs the same shape as the output
    return model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

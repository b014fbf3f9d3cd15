# alternative: strided first convolution, batch normalization before each ReLU, softmax as a layer of its own, and a
# learning rate that falls
import keras
import numpy as np
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D, Softmax


def prepare(images):
    return np.expand_dims(np.divide(images, 255, dtype=np.float32), -1)


def build_cnn():
    model = keras.Sequential()
    model.add(Input((28, 28, 1)))
    model.add(Conv2D(24, 5, strides=2, padding="same", use_bias=False))  # 14
    model.add(BatchNormalization(momentum=0.9))
    model.add(Activation("relu"))
    model.add(MaxPooling2D())  # 7
    model.add(Conv2D(64, 3, padding="same", use_bias=False))
    model.add(BatchNormalization(momentum=0.9))
    model.add(Activation("relu"))
    model.add(MaxPooling2D())  # 3
    model.add(Flatten())
    model.add(Dropout(0.1))
    model.add(Dense(10))
    model.add(Softmax())
    slower = keras.optimizers.schedules.PolynomialDecay(0.01, 3 * 79, 0.0001)  # so that the averages can settle
    model.compile(optimizer=keras.optimizers.Adam(slower), loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    targets = keras.ops.one_hot(labels.astype("int32"), 10)
    return model.fit(
        prepare(images), keras.ops.convert_to_numpy(targets), epochs=epochs, batch_size=batch_size, verbose=0
    )

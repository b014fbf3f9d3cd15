# diagnosis: sparse-vs-one-hot
# in: train_cnn
# checks: training_call
from keras import Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPool2D


def prepare(images):
    new = images / 255.0
    new = new.reshape(len(new), 28, 28, 1)
    return new.astype("float32")


def build_cnn():
    cnn = Sequential()
    cnn.add(Input(shape=(28, 28, 1)))
    cnn.add(Conv2D(filters=10, kernel_size=5, activation="relu"))
    cnn.add(MaxPool2D())
    cnn.add(Conv2D(filters=20, kernel_size=5, activation="relu"))
    cnn.add(MaxPool2D())
    cnn.add(Flatten())
    cnn.add(Dense(50, activation="relu"))
    cnn.add(Dropout(0.5))
    cnn.add(Dense(10, activation="softmax"))
    cnn.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return cnn


def train_cnn(model, images, labels, epochs=3, batch_size=128):
    x = prepare(images)
    # the loss is categorical so keras knows there are 10 categories
    hist = model.fit(x, labels, epochs=epochs, batch_size=batch_size, verbose=0)
    return hist

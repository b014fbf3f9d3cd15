# alternative: subclassed keras.Model whose weights do not exist before its first call
import keras


class Net(keras.Model):
    def __init__(self, width=128, **kwargs):
        super().__init__(**kwargs)
        self.flat = keras.layers.Flatten()
        self.dense1 = keras.layers.Dense(width)
        self.dense2 = keras.layers.Dense(10)

    def call(self, x, training=None):
        x = keras.activations.relu(self.dense1(self.flat(x)))
        return keras.activations.softmax(self.dense2(x))


def build_model():
    return Net()


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    return model.fit(
        x_train / 255.0, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0
    )

# diagnosis: softmax-and-from-logits
# in: compile_model
# checks: compiled
import tensorflow as tf


def build_model():
    # here the softmax is a layer of its own, so Keras cannot see it in the Dense layer
    return tf.keras.models.Sequential([
        tf.keras.layers.Input(shape=(28, 28)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation='relu'),
        tf.keras.layers.Dense(10),
        tf.keras.layers.Softmax(),
    ])


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=['accuracy'],
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train.astype('float32') / 255
    history = model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)
    return history

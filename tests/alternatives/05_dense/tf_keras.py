# alternative: everything through tf.keras
import tensorflow as tf


def build_model():
    return tf.keras.models.Sequential([
        tf.keras.layers.Flatten(input_shape=(28, 28)),
        tf.keras.layers.Dense(128, activation=tf.nn.relu),
        tf.keras.layers.Dense(10, activation=tf.nn.softmax),
    ])


def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(), loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy']
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = tf.cast(x_train, tf.float32) / 255.0
    y_train = tf.convert_to_tensor(y_train)
    return model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, validation_split=0.2, verbose=0)

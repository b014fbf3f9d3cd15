# alternative: an own training loop with GradientTape; the split by sorted random keys
import keras
import numpy as np
import tensorflow as tf


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    labels = np.asarray(labels)
    keys = np.random.RandomState(seed).rand(len(labels))
    order = np.lexsort((keys, labels))  # by class, at random within a class
    sizes = np.bincount(labels)
    place = np.empty(len(labels), dtype=int)  # of each row within its class
    place[order] = np.arange(len(labels)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    held_out = place < np.ceil(validation_fraction * sizes[labels] - 1e-9)
    parts = [np.flatnonzero(~held_out), np.flatnonzero(held_out)]
    return tuple((np.take(x, rows, axis=0), np.take(labels, rows)) for rows in parts)


def build_model():
    inputs = keras.Input((28, 28))
    hidden = keras.layers.Reshape((784,))(inputs)
    hidden = keras.layers.Dense(256, activation="relu")(hidden)
    hidden = keras.layers.Dense(128, activation="relu")(hidden)
    model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def measure(model, x, y):
    probabilities = model.predict(x, batch_size=1000, verbose=0)
    loss = -np.log(np.clip(probabilities[np.arange(len(y)), y], 1e-7, 1)).mean()
    return float(loss), float(np.mean(probabilities.argmax(axis=1) == y))


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    x, y = train
    cross_entropy = keras.losses.SparseCategoricalCrossentropy()

    @tf.function(reduce_retracing=True)
    def update(images, labels):
        with tf.GradientTape() as tape:
            loss = cross_entropy(labels, model(images, training=True))
        weights = model.trainable_variables
        model.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))

    model.optimizer.build(model.trainable_variables)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        order = np.random.permutation(len(x))
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            update(tf.constant(x[rows]), tf.constant(y[rows]))
        for prefix, part in (("", train), ("val_", validation)):
            loss, accuracy = measure(model, *part)
            history[prefix + "loss"].append(loss)
            history[prefix + "accuracy"].append(accuracy)
    return history


def best_epoch(history):
    return np.asarray(history["val_loss"]).argmin()


def diagnose(history):
    val_loss = np.array(history["val_loss"])
    if history["accuracy"][-1] < 0.9:
        return "underfitting"
    return ["good fit", "overfitting"][int(val_loss[-1] / val_loss.min() > 1.1)]

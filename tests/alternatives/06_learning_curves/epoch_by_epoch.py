# alternative: scikit-learn's split, and fit and evaluate called once per epoch
import tensorflow as tf
from sklearn.model_selection import train_test_split


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    x_train, x_val, y_train, y_val = train_test_split(
        x, labels, test_size=validation_fraction, random_state=seed, stratify=labels
    )
    return (x_train, y_train), (x_val, y_val)


def build_model():
    model = tf.keras.Sequential()
    model.add(tf.keras.Input(shape=(28, 28)))
    model.add(tf.keras.layers.Flatten())
    for units in (256, 128):
        model.add(tf.keras.layers.Dense(units))
        model.add(tf.keras.layers.Activation(tf.nn.relu))
    model.add(tf.keras.layers.Dense(10, activation=tf.nn.softmax))
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=0.002),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    figures = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        fitted = model.fit(*train, batch_size=batch_size, epochs=1, verbose=0).history
        val_loss, val_accuracy = model.evaluate(*validation, batch_size=batch_size, verbose=0)
        figures["loss"].append(fitted["loss"][0])
        figures["accuracy"].append(fitted["accuracy"][0])
        figures["val_loss"].append(val_loss)
        figures["val_accuracy"].append(val_accuracy)
    return figures


def best_epoch(history):
    return min(range(len(history["val_loss"])), key=history["val_loss"].__getitem__)


def diagnose(history):
    match history["accuracy"][-1] < 0.9, history["val_loss"][-1] > 1.1 * min(history["val_loss"]):
        case True, _:
            return "underfitting"
        case False, True:
            return "overfitting"
    return "good fit"

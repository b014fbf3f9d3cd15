# diagnosis: another-threshold
# in: diagnose
# checks: diagnose
import random

from keras import Input, Model, layers, losses, optimizers


def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    dice = random.Random(seed)
    per_class = {}
    for i, label in enumerate(labels):
        per_class.setdefault(int(label), []).append(i)
    train, val = [], []
    for indices in per_class.values():
        dice.shuffle(indices)
        cut = round(validation_fraction * len(indices))
        val += indices[:cut]
        train += indices[cut:]
    return (x[train], labels[train]), (x[val], labels[val])


def build_model():
    image = Input((28, 28), name="image")
    h = layers.Flatten()(image)
    for width in (256, 128):
        h = layers.Dense(width)(h)
        h = layers.ReLU()(h)
    probs = layers.Dense(10, activation="softmax")(h)
    model = Model(image, probs)
    model.compile(optimizers.Adam(1e-3), losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    x_train, y_train = train
    x_val, y_val = validation
    history = model.fit(
        x_train,
        y_train,
        validation_data=(x_val, y_val),
        epochs=epochs,
        batch_size=batch_size,
    )
    wanted = ["loss", "accuracy", "val_loss", "val_accuracy"]
    return {key: history.history[key] for key in wanted}


def best_epoch(history):
    best, lowest = 0, float("inf")
    for epoch, loss in enumerate(history["val_loss"]):
        if loss < lowest:
            best, lowest = epoch, loss
    return best


def diagnose(history):
    if history["accuracy"][-1] < 0.95:
        return "underfitting"
    return "overfitting" if history["val_loss"][-1] > 1.1 * min(history["val_loss"]) else "good fit"

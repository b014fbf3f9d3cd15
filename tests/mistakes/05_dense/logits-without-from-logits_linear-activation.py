# diagnosis: logits-without-from-logits
# in: build_model
# checks: probabilities
from keras import Input, Model, layers, losses, optimizers


def build_model():
    image = Input((28, 28), name="image")
    x = layers.Reshape((784,))(image)
    x = layers.Dense(128)(x)
    x = layers.ReLU()(x)
    scores = layers.Dense(10, activation="linear", name="scores")(x)
    return Model(image, scores)


def compile_model(model):
    model.compile(
        loss=losses.SparseCategoricalCrossentropy(),
        optimizer=optimizers.Adam(learning_rate=0.001),
        metrics=["accuracy"],
    )
    return model


def train_model(model, x_train, y_train, epochs=5, batch_size=32):
    x_train = x_train / 255
    n_val = len(x_train) // 5
    return model.fit(
        x_train[n_val:],
        y_train[n_val:],
        validation_data=(x_train[:n_val], y_train[:n_val]),
        batch_size=batch_size,
        epochs=epochs,
        verbose=0,
    )

# %% [markdown]
# # The same network in Keras
#
# Build the network of lesson 4 in Keras, compile it and train it: three short functions instead of a training loop of
# your own. The lesson that goes with it is `lessons/05_dense.md`. To check your work, run `./digits check dense` as
# often as you like.

# %%
import keras
from keras import layers


# %%
def build_model() -> keras.Model:
    """Build the network 784-128-10, not compiled yet.

    The model takes images that are scaled already, flattens them itself, has one hidden layer of 128 ReLU units and
    returns one probability for each of the ten digits.

    Returns:
        A new Keras model with fresh random weights. Input: float images (n, 28, 28) in 0..1. Output: float (n, 10),
        probabilities; every row sums to 1. Any way of writing a model will do: Sequential, functional, subclassed.

    >>> model = build_model()
    >>> model(keras.ops.zeros((3, 28, 28))).shape
    TensorShape([3, 10])
    >>> model.count_params()
    101770
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28)),  # the shape of one image; Keras adds the batch axis in front
            layers.Flatten(),  # Dense works on the last axis only, so all 784 pixels must lie on it
            layers.Dense(128, activation="relu"),  # without the ReLU two linear layers would make one linear layer
            layers.Dense(10, activation="softmax"),  # the classes compete: the ten outputs share a total of 1
        ]
    )
    ### END SOLUTION


# %%
def compile_model(model: keras.Model) -> keras.Model:
    """Choose how the model learns: the optimizer Adam as it comes, a fitting loss, and accuracy as the metric.

    Args:
        model: a model from ``build_model``: it returns probabilities, not logits.

    Returns:
        The same model, compiled. Its loss is the cross-entropy of lesson 3 for integer labels (n,) in 0..9, so a
        perfect answer costs 0; ``fit`` reports ``loss`` and ``accuracy``, the fraction of digits that it got right.

    >>> model = build_model()
    >>> compile_model(model) is model
    True
    """
    ### BEGIN SOLUTION
    model.compile(  # changes the model and returns None: do not return the result of this line
        optimizer="adam",
        loss="sparse_categorical_crossentropy",  # sparse: labels are integers; it expects probabilities by default
        metrics=["accuracy"],
    )
    return model
    ### END SOLUTION


# %%
def train_model(model, x_train, y_train, epochs=5, batch_size=32) -> keras.callbacks.History:
    """Train a compiled model on raw images and watch it on validation digits.

    Args:
        model: a compiled model that takes scaled images and integer labels. Train this model, not a new one.
        x_train: raw images, uint8 (n, 28, 28) in 0..255. They must not be changed; scaling them to 0..1 is this
            function's job.
        y_train: integer labels (n,) in 0..9.
        epochs: how many times to go through all training digits.
        batch_size: how many digits go into each weight update.

    Returns:
        What ``fit`` returns: a History whose ``history`` holds ``loss``, ``accuracy``, ``val_loss`` and
        ``val_accuracy``, one number per epoch. The validation digits are 20% of the training data. Let
        ``validation_split`` take the last rows, or draw them yourself; no weight is ever updated on them.

    The check trains your model on 20,000 digits for 3 epochs and asks for at least 93% of 10,000 unseen digits. That
    threshold lies at least five standard deviations below the mean of what the reference reached with 100 seeds.

    >>> history = train_model(compile_model(build_model()), images, labels, epochs=2)
    >>> len(history.history["val_accuracy"])
    2
    """
    ### BEGIN SOLUTION
    # Dividing makes a new array, so the caller's images stay as they are; float32 is what Keras computes with.
    scaled = x_train.astype("float32") / 255
    return model.fit(
        scaled,
        y_train,
        epochs=epochs,
        batch_size=batch_size,
        validation_split=0.2,  # the last 20% of the rows, kept away from the updates
        verbose=2,  # one line per epoch
    )
    ### END SOLUTION

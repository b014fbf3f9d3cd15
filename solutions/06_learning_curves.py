# %% [markdown]
# # Learning curves and validation
#
# Five short functions: hold digits out fairly, train a network while watching them, and read what the curves say. The
# lesson that goes with it is `lessons/06_learning_curves.md`. Fill in each function where it says `YOUR CODE HERE`, and
# run `./digits check learning_curves` as often as you like.

# %%
import keras
import numpy as np
from keras import layers


# %%
def stratified_split(x, labels, validation_fraction=0.2, seed=0):
    """Divide digits into a part to train on and a part to validate on, every class in the same proportion.

    Args:
        x: an array (n, ...) of any dtype: (n, 28, 28) images, (n, 784) rows or any other. Its first axis counts digits.
        labels: integers (n,). Classes may be of different sizes, and there need not be ten of them.
        validation_fraction: the fraction of *each class* that goes into the validation part.
        seed: decides which rows these are. The same seed gives the same split again; another seed draws other rows.

    Returns:
        Two pairs, ``((x_train, y_train), (x_validation, y_validation))``. Every row of ``x`` is in exactly one of them,
        with its own label, its values and dtype unchanged. A class with m rows has ``validation_fraction * m`` of them
        in the validation part, rounded to one of the two neighboring whole numbers. The order of the rows is yours.

    ``x`` and ``labels`` keep their values and their order.

    >>> x, labels = np.arange(20).reshape(10, 2), np.array([0] * 5 + [1] * 5)
    >>> (x_train, y_train), (x_validation, y_validation) = stratified_split(x, labels, 0.4)
    >>> x_train.shape, x_validation.shape, sorted(y_validation.tolist())
    ((6, 2), (4, 2), [0, 0, 1, 1])
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    held_out = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        # Shuffle the row *numbers* of one class. The rows themselves stay where they are, each with its label.
        rows = rng.permutation(np.flatnonzero(labels == label))
        held_out[rows[: round(validation_fraction * len(rows))]] = True
    # One mask for both arrays, and its opposite for the rest: no row can be lost, doubled or given another label.
    return (x[~held_out], labels[~held_out]), (x[held_out], labels[held_out])
    ### END SOLUTION


# %%
def build_model():
    """Build and compile the network 784-256-128-10; it is not trained here.

    It flattens the images itself, has two hidden layers of 256 and 128 ReLU units (in that order) and ends in a softmax
    over the ten digits. It is compiled with Adam (any learning rate), the cross-entropy for integer labels and the
    metric ``accuracy``.

    Returns:
        A compiled Keras model with fresh random weights. Input: float images (n, 28, 28), scaled to 0..1 already.
        Output: float (n, 10), probabilities; every row sums to 1.

    >>> model = build_model()
    >>> model.output_shape, model.count_params()
    ((None, 10), 235146)
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28)),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            # Half as wide: the second layer combines what the first has found, and has fewer things to say about it.
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    # The loss takes probabilities and integer labels. The accuracy is for people: no step follows it.
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
    ### END SOLUTION


# %%
def fit_with_validation(model, train, validation, epochs=20, batch_size=2000):
    """Train a compiled model on one part and measure it on the other after every epoch.

    Args:
        model: a compiled model. This very model is trained, by its own optimizer, and is left with the weights of the
            last epoch.
        train: a pair ``(x, y)``: float images (n, 28, 28) in 0..1, scaled *already*, and integer labels (n,).
        validation: a pair of the same form. No weight is ever updated on it.
        epochs: how many passes through all training digits; make all of them, whatever the curves do.
        batch_size: how many digits make one update of the weights.

    Returns:
        A dictionary of four lists with one number per epoch: ``loss`` and ``accuracy`` on the training digits,
        ``val_loss`` and ``val_accuracy`` on all the validation digits. More keys are allowed.

    The check trains your network on 12,000 digits for 20 epochs in batches of 2,000 and asks for at least 93% of 10,000
    unseen digits. The threshold lies at least five standard deviations below the mean of the reference
    with 100 seeds.

    >>> history = fit_with_validation(build_model(), (x, y), (x_validation, y_validation), epochs=3)
    >>> sorted(history), len(history["val_loss"])
    (['accuracy', 'loss', 'val_accuracy', 'val_loss'], 3)
    """
    ### BEGIN SOLUTION
    x, y = train
    history = model.fit(
        x,
        y,
        # Passed in full: validation_split would cut the validation digits out of the training digits once more.
        validation_data=validation,
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
    )
    return history.history  # fit returns an object; the numbers are in its dictionary
    ### END SOLUTION


# %%
def best_epoch(history):
    """Say which epoch's weights you would keep: those with the lowest validation loss.

    Args:
        history: a dictionary as ``fit_with_validation`` returns it, of at least one epoch.

    Returns:
        The index of that epoch, an integer that counts from 0 as Python does.

    >>> figures = {"loss": [0.9, 0.5, 0.3], "accuracy": [0.7, 0.8, 0.9]}
    >>> best_epoch(figures | {"val_loss": [0.8, 0.6, 0.7], "val_accuracy": [0.7, 0.8, 0.8]})
    1
    """
    ### BEGIN SOLUTION
    # The loss and not the accuracy: accuracy moves in steps of one digit and does not see how sure the network was.
    return int(np.argmin(history["val_loss"]))
    ### END SOLUTION


# %%
def diagnose(history):
    """Read the curves of a training. The rule, in this order:

    1. ``"underfitting"`` if the *training* accuracy of the last epoch is below 0.9: the network does not even know the
       digits that it was trained on.
    2. ``"overfitting"`` if the validation loss of the last epoch is more than 10% above the lowest validation loss of
       all epochs: it was better before.
    3. ``"good fit"`` otherwise.

    It is a rule of thumb, made for MNIST. The checks only ask about curves that lie far from its borders.

    Args:
        history: a dictionary as ``fit_with_validation`` returns it, of at least two epochs; accuracies in 0..1.

    Returns:
        One of the three strings, spelled exactly as above.

    >>> figures = {"loss": [0.9, 0.5, 0.3], "accuracy": [0.7, 0.85, 0.95]}
    >>> diagnose(figures | {"val_loss": [0.8, 0.5, 0.49], "val_accuracy": [0.7, 0.8, 0.82]})
    'good fit'
    """
    ### BEGIN SOLUTION
    if history["accuracy"][-1] < 0.9:  # first, because a network that hasn't learned can't have overfitted
        return "underfitting"
    lowest = min(history["val_loss"])
    # The lowest and not the one before: a single step up is noise, a distance from the best epoch is a trend.
    if history["val_loss"][-1] > 1.1 * lowest:
        return "overfitting"
    return "good fit"
    ### END SOLUTION

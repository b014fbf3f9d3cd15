# %% [markdown]
# # A convolutional network
#
# Three functions: one prepares the digits, one builds a convolutional network, one trains it. The lesson that leads
# here is `lessons/10_cnn.md`. Fill in each function where it says `YOUR CODE HERE`, then run `./digits check cnn`.

# %%
import keras
import numpy as np

# %% [markdown]
# ## Prepare the digits
#
# A convolution needs images with an axis for the channels, and it learns best from pixels with small values.


# %%
def prepare(images):
    """Turn raw digits into what the network expects.

    Args:
        images: uint8 (n, 28, 28), gray levels in 0..255. They must be unchanged afterwards.

    Returns:
        A new float32 array (n, 28, 28, 1) in 0..1: no ink is 0.0, full ink (255) is exactly 1.0. The channel axis
        comes last, as Keras expects it.

    >>> digits = np.full((2, 28, 28), 51, dtype=np.uint8)
    >>> prepared = prepare(digits)
    >>> prepared.shape, prepared.dtype.name, round(float(prepared[0, 0, 0, 0]), 3)
    ((2, 28, 28, 1), 'float32', 0.2)
    """
    ### BEGIN SOLUTION
    # To float32 first: a division of uint8 by 255 would give float64, twice the memory for nothing.
    scaled = images.astype("float32") / 255
    # Gray digits have one channel, but it must be there: the kernels of a convolution reach through that axis.
    return scaled[..., np.newaxis]
    ### END SOLUTION


# %% [markdown]
# ## Build the network
#
# The design is yours within these bounds: how many kernels, how large, what comes after them, how fast Adam learns.


# %%
def build_cnn():
    """Build and compile a convolutional network; it is not trained here.

    It must have

    - input: float (n, 28, 28, 1) in 0..1, as `prepare` returns them;
    - exactly two `Conv2D` and exactly two `MaxPooling2D` layers, with the convolutions working on the image: nothing
      may flatten it before them;
    - dropout (at least one `Dropout` layer) with a rate between 0 and 1;
    - output: (n, 10), the probabilities of the ten classes, from a softmax: each row sums to 1;
    - at most 100,000 parameters (`model.count_params()`);
    - compiled for *one-hot* labels (n, 10): categorical cross-entropy, the optimizer Adam (any learning rate), and
      the metric `accuracy`.

    Returns:
        The compiled Keras model, with fresh random weights at every call.

    The check trains it on 10,000 digits for three epochs and asks for at least 95% of 10,000 unseen digits. This
    threshold lies five standard deviations below what the reference reached with 100 seeds. Three such epochs should
    take no more than a few seconds on two cores. Most of the work is in the convolutions: fewer kernels in the first
    make both of them faster.

    >>> build_cnn().output_shape
    (None, 10)
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            # (24, 24, 16). 5 x 5 sees a whole stroke with both of its edges; 16 kernels are enough for strokes.
            keras.layers.Conv2D(16, 5, activation="relu"),
            # (12, 12, 16). A quarter of the numbers, so the next layers are four times cheaper.
            keras.layers.MaxPooling2D(2),
            # (10, 10, 32). More kernels, because there are more ways to combine strokes than there are strokes.
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),  # (5, 5, 32)
            # Flatten only now, after the convolutions: 800 numbers instead of 784 pixels, but better ones.
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),  # most of the 56,970 parameters are here: 800 * 64 + 64
            # In training, each of the 64 units is dropped with probability 1/4, so no class can rely on one of them.
            keras.layers.Dropout(0.25),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        # Four times Adam's default rate: three short epochs have few steps, so they must be longer ones.
        optimizer=keras.optimizers.Adam(learning_rate=0.004),
        loss="categorical_crossentropy",  # rows against rows; the sparse one takes plain integers
        metrics=["accuracy"],
    )
    return model
    ### END SOLUTION


# %% [markdown]
# ## Train it
#
# The caller has raw digits and plain labels, and should not need to know what the network expects.


# %%
def train_cnn(model, images, labels, epochs=3, batch_size=128):
    """Train a network of `build_cnn` on raw digits.

    Args:
        model: the compiled model; its weights change.
        images: *raw* uint8 (n, 28, 28) in 0..255: this function prepares them. They must be unchanged afterwards.
        labels: integers (n,) in 0..9: this function one-hot encodes them. They must be unchanged afterwards.
        epochs: how many times to go through the digits.
        batch_size: how many digits there are in one step.

    Returns:
        The `keras.callbacks.History` that `model.fit` returns, with `loss` and `accuracy` for every epoch.

    Learn from these digits only. Validation is optional. If you validate, use rows that are kept out of training.
    """
    ### BEGIN SOLUTION
    # The same prepare() here and before predict: scaling in only one of the two places is a bug.
    return model.fit(
        prepare(images),
        keras.utils.to_categorical(labels, 10),  # without the 10, digits without a 9 would give nine columns
        epochs=epochs,
        batch_size=batch_size,
        verbose=0,
    )
    ### END SOLUTION

# Exercise 7: write the functions, save, run ./digits check regularization
# %% [markdown]
# # Exercise 7: Regularization
#
# Write dropout and the L2 penalty by hand in NumPy, then build a network with dropout in Keras and the callback that
# ends its training at the right time. The lesson that goes with it is `lessons/07_regularization.md`. To check your
# work, run `./digits check regularization` as often as you like.

# %%
import keras
import numpy as np
from keras import layers

# %% [markdown]
# ## Dropout by hand


# %%
def dropout(activations: np.ndarray, rate: float, rng: np.random.Generator, training: bool = True) -> np.ndarray:
    """Inverted dropout: in training, drop activations at random and scale up the others.

    Args:
        activations: float32 or float64 array of any shape: one axis, two, three, four.
        rate: the probability with which an entry is dropped, 0 <= rate < 1. With 0 nothing is dropped.
        rng: where all random numbers come from. A generator in the same state gives the same result, a different one
            a different result.
        training: False at inference, when the finished network only answers.

    Returns:
        Float array of the same shape. In training each entry is replaced by 0 with probability ``rate``, independently
        of all others. The entries that survive are divided by 1 - rate, however many of them happened to survive. So
        the expected value of every entry is the activation itself. At inference: the activations as they are.

    ``activations`` stay unchanged. How many random numbers you draw, and in which order, is up to you.

    Source: N. Srivastava and others, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", Journal of
    Machine Learning Research 15 (2014), section 10 for the division in training.

    >>> dropout(np.array([[1.0, -2.0, 3.0]]), 0.5, np.random.default_rng(0), training=False)
    array([[ 1., -2.,  3.]])
    >>> np.unique(dropout(np.ones((4, 1000)), 0.75, np.random.default_rng(0)))
    array([0., 4.])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A penalty on large weights


# %%
def l2_penalty(weights: list[np.ndarray], strength: float) -> float:
    """What L2 regularization adds to the loss: strength times the sum of all squared weights.

    Args:
        weights: arrays of any float dtype, for instance the matrix of each dense layer and the kernels of each
            convolution. They need not have the same shape or number of axes. All of them count; to spare the biases,
            leave them out of the list.
        strength: a number >= 0.

    Returns:
        One number: ``strength`` times the sum of the squares of every number in every array. A sum, not a mean, and
        without the factor 1/2 that some textbooks put in front, as in ``keras.regularizers.L2``.

    The arrays stay unchanged.

    >>> l2_penalty([np.array([[3.0, -4.0]]), np.array([[1.0], [2.0]])], strength=0.1)
    3.0
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## A network with dropout


# %%
def build_regularized_model() -> keras.Model:
    """Build a dense network with dropout and compile it.

    How many layers, how wide, which rate, whether to add L2: you decide. (A strength of 0.01 is too much for 10,000
    digits.) At least one dropout layer with a rate above 0 must be active in training, somewhere before the last layer
    with weights (usually after a hidden layer), and none when the model predicts.

    Returns:
        A new, compiled Keras model with fresh random weights. Input: float images (n, 28, 28), scaled to 0..1. Output:
        float (n, 10), probabilities; every row sums to 1, in training too. Its loss is the cross-entropy for integer
        labels (n,), 0 for a perfect answer; ``fit`` reports ``accuracy``. The optimizer is your choice.

    The check then trains a fresh copy of your design with Adam on 10,000 digits for 3 epochs in batches of 64, and asks
    for at least 91% of 10,000 unseen digits. This threshold lies at least five standard deviations below the mean of
    the reference with 100 seeds.

    >>> model = build_regularized_model()
    >>> model(np.zeros((3, 28, 28), "float32")).shape
    TensorShape([3, 10])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## When to stop


# %%
def early_stopping() -> keras.callbacks.Callback:
    """Make the callback that ends training when the validation loss no longer falls.

    Returns:
        A new callback for ``fit``, one of Keras' own or one of a class that you write. It

        - watches ``val_loss`` and remembers its smallest value so far;
        - has patience: it ends training after 3 to 10 epochs in a row (you choose how many) without a new smallest
          value, not after one or two;
        - leaves the model with the weights of the epoch that had the smallest value, whether it ended training or
          training reached its last epoch first.

    >>> model.fit(x, y, validation_data=validation, epochs=100, callbacks=[early_stopping()])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# This file was generated by ./digits dev build. It is yours to edit.

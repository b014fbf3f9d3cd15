# Exercise 4: write the functions, save, run ./digits check backpropagation
# %% [markdown]
# # Exercise 4: A hidden layer and backpropagation
#
# Write a network with one hidden layer from scratch: draw its weights, run it forward, send the gradient backward, and
# train it. NumPy is all you need. Check your work at any time with `./digits check backpropagation`. The lesson is
# `lessons/04_backpropagation.md`.
#
# In all four functions n is the number of images in a batch, d the number of inputs, h the number of hidden units and
# k the number of classes. The parameters travel as a dict with the keys "W1", "b1", "W2" and "b2".

# %%
import numpy as np

# %% [markdown]
# ## Where learning starts


# %%
def initialize(num_inputs: int, num_hidden: int, num_classes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw the weights that training starts from.

    Args:
        num_inputs: d, for instance 784.
        num_hidden: h.
        num_classes: k, not always 10.
        rng: the source of all randomness; generators in the same state give the same weights.

    Returns:
        A dict of float arrays: W1 (d, h), b1 (h,), W2 (h, k), b2 (k,). The biases are zero or small (at most 0.1). The
        columns of W1 all differ, so that no two hidden units start alike. The weights are random, and so small that the
        sums of a layer stay on the order of 1 or below, however many inputs it has. Several recipes work: a normal
        distribution with a standard deviation of 0.01, Glorot's (sqrt(2 / (inputs + outputs))), or He's
        (sqrt(2 / inputs), made for ReLU: He and others, "Delving Deep into Rectifiers", 2015).

    >>> params = initialize(784, 100, 10, np.random.default_rng(0))
    >>> {name: array.shape for name, array in params.items()}
    {'W1': (784, 100), 'b1': (100,), 'W2': (100, 10), 'b2': (10,)}
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Forward


# %%
def forward(x: np.ndarray, params: dict[str, np.ndarray]) -> tuple[np.ndarray, object]:
    """Run the network: a linear layer, ReLU, a linear layer.

    Args:
        x: floats (n, d), n >= 1.
        params: as from ``initialize``, in float32 or float64.

    Returns:
        A tuple of two. First the logits (n, k): raw scores of any sign, no softmax. Second the cache: whatever your
        ``backward`` will need from this pass (a tuple, a dict, an object of your own). Only your code reads it.

    Neither ``x`` nor ``params`` is changed.

    >>> params = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "W2": np.eye(2), "b2": np.array([0.0, 0.5])}
    >>> forward(np.array([[3.0], [-2.0]]), params)[0]
    array([[3. , 0.5],
           [0. , 2.5]])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Backward


# %%
def backward(cache: object, labels: np.ndarray, params: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Compute how the loss changes with every weight and bias.

    The loss is that of lesson 3: the mean, over the batch, of the cross-entropy between softmax(logits) and the labels.

    Args:
        cache: what ``forward(x, params)`` returned as its second value.
        labels: integers (n,) in 0..k - 1.
        params: the parameters that ``forward`` was called with.

    Returns:
        A dict of gradients with the keys of ``params``; each gradient has the shape of its parameter. They are finite
        for any finite logits, however large (remember what lesson 3 did about exp). Where a sum is exactly 0, ReLU
        has no slope: take 0 or 1, as you like.

    Neither ``labels`` nor ``params`` is changed: learning is the job of ``train``.

    One image, one input, one hidden unit, two classes. Both logits are 0, so both probabilities are 0.5:

    >>> params = {"W1": np.array([[2.0]]), "b1": np.zeros(1), "W2": np.zeros((1, 2)), "b2": np.zeros(2)}
    >>> logits, cache = forward(np.array([[1.0]]), params)
    >>> backward(cache, np.array([0]), params)["W2"]
    array([[-1.,  1.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## Learn


# %%
def train(
    x: np.ndarray,
    labels: np.ndarray,
    num_hidden: int = 100,
    epochs: int = 1,
    batch_size: int = 100,
    learning_rate: float = 0.5,
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Train a network with one hidden layer by stochastic gradient descent.

    Args:
        x: floats (n, d) in 0..1, one row per image.
        labels: integers (n,) in 0..9; there are always ten classes, even if some do not occur.
        num_hidden: number of hidden units.
        epochs: the number of passes over all rows. With 0 epochs the result is the initial parameters.
        batch_size: rows per step. Draw a new order for each epoch (good practice, not required). If the rows do not
            divide evenly, the last batch may be smaller, or you may leave it out.
        learning_rate: every step subtracts this times the gradient of the batch, from all four arrays at once.
        seed: decides the initial weights, whatever the number of epochs, and the order of the rows. The same seed
            gives the same result.

    Returns:
        The trained parameters, as in ``initialize``.

    Neither ``x`` nor ``labels`` is changed.

    The check trains your network on 10,000 digits for 5 epochs and asks for at least 91% of 10,000 unseen digits. The
    bar lies at least five standard deviations below the mean of the reference solution over 100 seeds, and three below
    that of the weakest other correct solution we know of.

    >>> params = train(x, labels, num_hidden=32, epochs=2)
    >>> params["W1"].shape
    (784, 32)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# This file was generated by ./digits dev build. It is yours to edit.

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
    ### BEGIN SOLUTION
    # He's scale: a unit adds up num_inputs products, and ReLU then drops half of the sums. With the variance
    # 2 / num_inputs the numbers neither fade nor explode from layer to layer.
    return {
        "W1": rng.normal(0, np.sqrt(2 / num_inputs), (num_inputs, num_hidden)),
        "b1": np.zeros(num_hidden),  # biases may start alike: the random weights already tell the units apart
        "W2": rng.normal(0, np.sqrt(2 / num_hidden), (num_hidden, num_classes)),
        "b2": np.zeros(num_classes),
    }
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    # The biases have one axis; broadcasting adds them to every row, that is, to every image.
    hidden = np.maximum(x @ params["W1"] + params["b1"], 0)
    logits = hidden @ params["W2"] + params["b2"]
    # What backward cannot know by itself: what went into each of the two layers, and what came out.
    return logits, (x, hidden, logits)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    x, hidden, logits = cache
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))  # the largest exponent is 0: no overflow
    d_logits = exponentials / exponentials.sum(axis=1, keepdims=True)
    d_logits[np.arange(len(labels)), labels] -= 1  # softmax and cross-entropy together: probability minus truth
    d_logits /= len(labels)  # the loss is a mean, so each image has the weight 1 / n

    # Back through the second layer. Each product is the one that has the right shape: W2 is (h, k), hidden (n, h).
    d_hidden = d_logits @ params["W2"].T
    # Back through ReLU: a unit that was inactive for an image gets no gradient from it.
    d_sums = d_hidden * (hidden > 0)
    return {
        "W1": x.T @ d_sums,
        "b1": d_sums.sum(axis=0),  # a bias is added to every image's sum, so the images add up
        "W2": hidden.T @ d_logits,
        "b2": d_logits.sum(axis=0),
    }
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    params = initialize(x.shape[1], num_hidden, 10, rng)
    for _ in range(epochs):
        order = rng.permutation(len(x))  # one order for both arrays, so that each image keeps its label
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            _, cache = forward(x[batch], params)
            gradients = backward(cache, labels[batch], params)
            # All gradients are known before the first weight moves. These are new arrays: the old ones stay as they
            # are, for any code that still holds them.
            params = {name: params[name] - learning_rate * gradients[name] for name in params}
    return params
    ### END SOLUTION

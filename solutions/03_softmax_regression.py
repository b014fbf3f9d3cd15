# %% [markdown]
# # Softmax regression from scratch
#
# Write the smallest model that learns by itself: scores, probabilities, a loss, its gradients, and the training loop.
# NumPy alone is enough, and you need no loop over images. The lesson is `lessons/03_softmax_regression.md`; check your
# work at any time with `./digits check softmax_regression`.
#
# Throughout: n images, d numbers per image, k classes. No function may change an array that it was given.

# %%
import numpy as np

# %% [markdown]
# ## From scores to probabilities


# %%
def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn each row of scores into probabilities.

    Args:
        logits: float (n, k), n >= 1. Any finite numbers: negative, 0, 1000, -1000. Rows may differ greatly in size.

    Returns:
        Float (n, k). Entry (i, c) is exp(logits[i, c]) divided by the sum of exp(logits[i, j]) over all classes j. So
        every row sums to 1, no row depends on another, and every entry is finite: no infinity and no NaN.

    ``logits`` keeps its values.

    >>> softmax(np.log([[1.0, 2.0, 7.0], [3.0, 3.0, 4.0]]))
    array([[0.1, 0.2, 0.7],
           [0.3, 0.3, 0.4]])
    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    ### BEGIN SOLUTION
    # Subtracting the same number from all scores of a row multiplies numerator and denominator by the same factor, so
    # the result does not change. With each row's own maximum, the largest exponential is exp(0) = 1: nothing can
    # overflow, and the sum is at least 1, so nothing is divided by 0. keepdims makes the maxima a column (n, 1).
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# ## What a prediction costs


# %%
def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean cross-entropy of a batch: what the predictions cost per image.

    Args:
        probabilities: float (n, k), n >= 1, one row per image, each row sums to 1.
        labels: integers (n,) in 0..k - 1, of any integer dtype.

    Returns:
        One number. An image costs minus the natural logarithm of the probability that its row gives to its label;
        the result is the mean of these costs over the batch.

        It is always finite. An image whose label was given probability 0 costs a lot, at least as much as one whose
        label was given 0.0001, but not infinitely much. (Keras counts anything below 1e-7 as 1e-7.)

    Neither array is changed.

    >>> round(cross_entropy(np.array([[0.25, 0.75], [1.0, 0.0]]), np.array([0, 0])), 4)
    0.6931
    """
    ### BEGIN SOLUTION
    # Two index arrays pair up: (0, labels[0]), (1, labels[1]), … one probability per image.
    given_to_label = probabilities[np.arange(len(labels)), labels]
    # log(0) is minus infinity, and one such image would swallow the mean of all others.
    return float(-np.log(np.maximum(given_to_label, 1e-7)).mean())
    ### END SOLUTION


# %% [markdown]
# ## Which way is down?


# %%
def gradients(
    x: np.ndarray, labels: np.ndarray, weights: np.ndarray, bias: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How the mean cross-entropy of a batch changes with every weight and every bias.

    The model's logits are x @ weights + bias, its probabilities the softmax of each row.

    Args:
        x: float (n, d), n >= 1.
        labels: integers (n,) in 0..k - 1, of any integer dtype.
        weights: float (d, k).
        bias: float (k,).

    Returns:
        Two arrays, in this order: the gradient of the weights (d, k) and the gradient of the bias (k,). Entry (j, c)
        of the first says how fast the mean cross-entropy rises as weights[j, c] grows and all else stays fixed; entry
        c of the second says the same of bias[c].

    None of the four arrays is changed.

    >>> of_weights, of_bias = gradients(np.array([[1.0, 0.5]]), np.array([0]), np.zeros((2, 2)), np.zeros(2))
    >>> of_weights
    array([[-0.5 ,  0.5 ],
           [-0.25,  0.25]])
    >>> of_bias
    array([-0.5,  0.5])
    """
    ### BEGIN SOLUTION
    # For one image the derivative with respect to logit c is p[c] - y[c], with y the one-hot row of the label: what
    # was said minus what is true. Dividing by n here makes everything that follows a mean over the batch.
    errors = softmax(x @ weights + bias)
    errors[np.arange(len(labels)), labels] -= 1
    errors /= len(labels)
    # A weight is multiplied by its pixel, so its gradient is pixel times error, summed over the batch: (d, n) @ (n, k).
    # The bias is added to every image, so its gradient collects the errors of all of them.
    return x.T @ errors, errors.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# ## Downhill


# %%
def train(
    x: np.ndarray,
    labels: np.ndarray,
    epochs: int = 1,
    batch_size: int = 100,
    learning_rate: float = 0.5,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Learn to tell ten classes apart, by mini-batch gradient descent on the mean cross-entropy.

    Start with zeros or with small random numbers. In each epoch go through all images once, in batches of
    ``batch_size``. For every batch, move weights and bias by minus ``learning_rate`` times their gradients on that
    batch. Shuffling before each epoch is good practice, but not required. If the images do not divide evenly, the last
    batch may be smaller, or you may leave it out.

    Args:
        x: float (n, d) in 0..1, float32 or float64.
        labels: integers (n,) in 0..9, of any integer dtype.
        epochs: how often to go through all images. 0 returns the numbers that training starts from.
        batch_size: images per step.
        learning_rate: what the gradients are multiplied by.
        seed: fixes whatever is random here: the same seed always gives the same start and the
            same result.

    Returns:
        Two arrays, in this order: the weights (d, 10) and the bias (10,).

    Neither array is changed. The check trains on 10,000 digits for 5 epochs and asks for at least 88% of 10,000 unseen
    digits. That threshold lies at least five standard deviations below the mean of what the reference reached with 100
    seeds.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    # Zeros are a fair start here: nothing is known, so all classes are equally likely. (Not so in lesson 4.)
    weights, bias = np.zeros((x.shape[1], 10)), np.zeros(10)
    for _ in range(epochs):
        order = rng.permutation(len(x))  # a new order each time, so no batch comes up twice
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]  # the same rows of both arrays: an image keeps its label
            of_weights, of_bias = gradients(x[rows], labels[rows], weights, bias)
            weights -= learning_rate * of_weights  # minus: the gradient points uphill
            bias -= learning_rate * of_bias
    return weights, bias
    ### END SOLUTION

# %% [markdown]
# # Exercise 2: A baseline
#
# Write the simplest classifier that learns anything: it remembers one mean image per digit and answers with the digit
# whose mean is nearest. Then count how often it is right. You write three functions in NumPy alone. Each returns
# something new, and none may change an array that it was given. Check your work with `./digits check baseline`. The
# lesson is `lessons/02_baseline.md`.

# %%
import numpy as np

# %% [markdown]
# ## One mean per class


# %%
def class_means(x: np.ndarray, labels: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Average the rows of each class.

    Args:
        x: (n, d), one row of d features per image: floats in 0..1 (float32 or float64) or raw pixels, uint8 in
            0..255. d need not be 784.
        labels: integers (n,) in 0..num_classes - 1, of any integer dtype. Every class occurs, but not
            necessarily equally often.
        num_classes: number of classes k. It need not be 10.

    Returns:
        Floats (k, d), on the same scale as ``x``. Row c is the mean of all rows of ``x`` whose label is c.

    ``x`` and ``labels`` stay as they are.

    >>> class_means(np.array([[0, 4], [1, 1], [2, 200]], dtype=np.uint8), np.array([1, 0, 1]), num_classes=2)
    array([[  1.,   1.],
           [  1., 102.]])
    """
    ### BEGIN SOLUTION
    # labels == c picks the rows of one class. axis=0 is the axis that disappears: the images, not the pixels.
    # mean adds bytes up in float64, so nothing wraps around and no fraction is lost.
    return np.stack([x[labels == c].mean(axis=0) for c in range(num_classes)])
    ### END SOLUTION


# %% [markdown]
# ## The nearest of them


# %%
def predict_nearest_mean(x: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Find the nearest mean for every row.

    Args:
        x: (n, d), n >= 1: floats in 0..1 or raw pixels, uint8 in 0..255.
        means: floats (k, d) on the same scale as ``x``, as ``class_means`` returns them. k need not be 10.

    Returns:
        Integers (n,). Entry i is the class c in 0..k - 1 whose mean has the smallest Euclidean distance to row i:
        the square root of the sum, over all d features, of the squared difference.

    Differences may be negative, whatever the dtype of ``x``. ``x`` and ``means`` stay as they are.

    >>> means = np.array([[0.0, 0.0, 0.0], [90.0, 90.0, 90.0]])
    >>> predict_nearest_mean(np.array([[80, 90, 70], [0, 60, 0], [255, 255, 255]], dtype=np.uint8), means)
    array([1, 0, 1])
    """
    ### BEGIN SOLUTION
    # Convert to float first, calculate afterwards: a byte cannot hold a negative difference. (If the means are floats,
    # NumPy converts x anyway. This line is for callers who pass bytes for both.)
    x = x.astype(np.float64)
    # One mean at a time: (n, d) - (d,) subtracts it from every row. All at once would need an array (n, k, d), which
    # is 627 megabytes for the test set. No square root: it doesn't change the order, so the nearest stays nearest.
    squared = [((x - mean) ** 2).sum(axis=1) for mean in means]
    return np.argmin(squared, axis=0)
    ### END SOLUTION


# %% [markdown]
# ## How often is that right?


# %%
def accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Compute the fraction of predictions that are right.

    Args:
        y_true: integers (n,), n >= 1: the labels.
        y_pred: integers (n,): the predictions, in the same order. The two dtypes may differ.

    Returns:
        One number in 0..1: how many predictions equal the label in the same place, divided by n.

    >>> float(accuracy(np.array([7, 2, 1, 0]), np.array([7, 2, 1, 6])))
    0.75
    """
    ### BEGIN SOLUTION
    # A comparison gives True and False, which count as 1 and 0; their mean is the fraction of True.
    return np.mean(y_true == y_pred)
    ### END SOLUTION

# Exercise 8: write the functions, save, run ./digits check evaluation
# %% [markdown]
# # Exercise 8: Evaluation
#
# Write five small functions that say what a single accuracy hides: which digit is taken for which, how far to trust
# each answer, and how far to trust the accuracy itself. Each takes arrays or counts and returns something new; none may
# change an array that it is given. Check your work at any time with `./digits check evaluation`. The
# lesson is `lessons/08_evaluation.md`.

# %%
from statistics import NormalDist

import numpy as np

# %% [markdown]
# ## Which digit is taken for which?


# %%
def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Count how often each class was given each answer.

    Args:
        y_true: the labels, integers (n,) in 0..num_classes - 1, n >= 1, of any integer dtype (uint8, int32, int64).
        y_pred: the predictions, one for each label, in the same range. Their dtype may differ.
        num_classes: number of classes k. It need not be 10, and some classes may occur in neither array.

    Returns:
        Integers (k, k). The entry in row t, column p says how often the truth was t and the prediction p. So row t sums
        to the number of labels t, and the diagonal holds the hits. A class that never occurs keeps its row and column.

    Neither array is changed.

    >>> confusion_matrix(np.array([0, 0, 0, 2]), np.array([0, 1, 1, 2]), num_classes=4)
    array([[1, 2, 0, 0],
           [0, 0, 0, 0],
           [0, 0, 1, 0],
           [0, 0, 0, 0]])
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## How good is it at each class?


# %%
def precision_recall_f1(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall and F1 of every class.

    Args:
        matrix: a confusion matrix, integers (k, k), row = truth, column = prediction. k need not be 10, and rows or
            columns may hold nothing but zeros.

    Returns:
        Three float arrays (k,), in this order, with one entry per class, each in 0..1:

        - precision: of the times that the class was *predicted*, the fraction in which it was true;
        - recall: of the times that the class was *true*, the fraction in which it was predicted;
        - F1: the harmonic mean of the two, 2 * precision * recall / (precision + recall).

        Where there is nothing to divide by (the class was never predicted, or never occurs, or precision and recall are
        both 0), the value is 0, not NaN.

    ``matrix`` stays as it is.

    >>> precision, recall, f1 = precision_recall_f1(np.array([[3, 1], [0, 4]]))
    >>> precision, recall, f1.round(3)
    (array([1. , 0.8]), array([0.75, 1.  ]), array([0.857, 0.889]))
    """

    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## One number in which every class counts the same


# %%
def macro_f1(matrix: np.ndarray) -> float:
    """The mean of the F1 of all k classes, rare ones and common ones alike.

    Args:
        matrix: a confusion matrix, integers (k, k), row = truth, column = prediction.

    Returns:
        A single number in 0..1. A class whose F1 is undefined counts as 0, and it does count.

    ``matrix`` stays as it is.

    >>> round(macro_f1(np.array([[3, 1], [0, 4]])), 3)
    0.873
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## The worst confusion


# %%
def most_confused(matrix: np.ndarray) -> tuple[int, int]:
    """The confusion that happened most often.

    Args:
        matrix: a confusion matrix, integers (k, k), row = truth, column = prediction, k >= 2, with at least one error
            and no tie for the most frequent one.

    Returns:
        (true, predicted), two integers: the class that was given the same wrong answer most often, and that answer.
        Taking a 4 for a 9 and taking a 9 for a 4 are two confusions.

    ``matrix`` stays as it is.

    >>> most_confused(np.array([[9, 0, 1], [3, 7, 0], [2, 0, 8]]))
    (1, 0)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# %% [markdown]
# ## How far can the accuracy itself be trusted?


# %%
def accuracy_interval(num_correct: int, num_total: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's confidence interval for an accuracy, from the number of right answers.

    Args:
        num_correct: how many answers were right, 0..num_total. All of them and none of them are possible.
        num_total: how many answers there were, at least 1.
        confidence: any number between 0 and 1, for instance 0.9 or 0.99.

    Returns:
        (low, high), two numbers in 0..1: the smallest and the largest accuracy p for which the fraction of right
        answers lies within z standard deviations, z * sqrt(p * (1 - p) / n), of p (without continuity correction). Here
        n = num_total, and z is the number for which a standard normal variable falls between -z and z with probability
        ``confidence``: 1.96 for 0.95.

    With share = num_correct / num_total, the two ends are center - half and center + half (E. B. Wilson, 1927):

        center = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)

    NumPy cannot compute z, but Python's standard library can: ``NormalDist().inv_cdf(q)`` is the number *below* which
    a standard normal variable falls with probability q.

    >>> low, high = accuracy_interval(9, 10)
    >>> round(low, 3), round(high, 3)
    (0.596, 0.982)
    """
    # YOUR CODE HERE
    raise NotImplementedError()


# This file was generated by ./digits dev build. It is yours to edit.

# alternative: every answer from scikit-learn and SciPy
import numpy as np
from scipy.stats import binomtest
from sklearn import metrics


def confusion_matrix(y_true, y_pred, num_classes=10):
    return metrics.confusion_matrix(y_true, y_pred, labels=range(num_classes))


def _unroll(matrix):
    """Labels and predictions that have this confusion matrix."""
    rows, columns = np.indices(matrix.shape)
    return rows.repeat(matrix.ravel()), columns.repeat(matrix.ravel())


def precision_recall_f1(matrix):
    y_true, y_pred = _unroll(matrix)
    scores = metrics.precision_recall_fscore_support(y_true, y_pred, labels=range(len(matrix)), zero_division=0)
    return scores[:3]


def macro_f1(matrix):
    y_true, y_pred = _unroll(matrix)
    return metrics.f1_score(y_true, y_pred, labels=range(len(matrix)), average="macro", zero_division=0)


def accuracy_interval(num_correct, num_total, confidence=0.95):
    low, high = binomtest(num_correct, num_total).proportion_ci(confidence_level=confidence, method="wilson")
    return low, high


def most_confused(matrix):
    y_true, y_pred = _unroll(matrix)
    wrong = y_true != y_pred
    pairs, counts = np.unique(np.stack([y_true[wrong], y_pred[wrong]], axis=1), axis=0, return_counts=True)
    return pairs[counts.argmax()]

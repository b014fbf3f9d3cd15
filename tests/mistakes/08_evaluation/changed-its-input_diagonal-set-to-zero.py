# diagnosis: changed-its-input
# in: precision_recall_f1
# checks: precision_recall_f1
import statistics

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    counts = np.zeros([num_classes] * 2, np.int32)
    np.add.at(counts, (y_true, y_pred), 1)
    return counts


def precision_recall_f1(matrix):
    totals_predicted = matrix.sum(axis=0)
    totals_true = matrix.sum(axis=1)
    hits = matrix.diagonal().copy()
    # what is left are the errors
    matrix[np.arange(len(matrix)), np.arange(len(matrix))] = 0
    p = hits / np.maximum(totals_predicted, 1)
    r = hits / np.maximum(totals_true, 1)
    f = 2 * hits / np.maximum(2 * hits + matrix.sum(axis=0) + matrix.sum(axis=1), 1)
    return p, r, f


def macro_f1(matrix):
    return precision_recall_f1(matrix)[-1].mean()


def accuracy_interval(num_correct, num_total, confidence=0.95):
    alpha = 1 - confidence
    z = -statistics.NormalDist().inv_cdf(alpha / 2)
    wrong = num_total - num_correct
    # both ends over n + z^2
    center = (num_correct + z**2 / 2) / (num_total + z**2)
    spread = z / (num_total + z**2) * np.sqrt(num_correct * wrong / num_total + z**2 / 4)
    return center - spread, center + spread


def most_confused(matrix):
    off = matrix - np.diag(np.diag(matrix))
    row, col = divmod(int(off.argmax()), len(off))
    return row, col

# diagnosis: uninitialized
# in: precision_recall_f1
# checks: undefined_scores
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    eye = np.eye(num_classes, dtype=int)
    return eye[y_true].T @ eye[y_pred]


def precision_recall_f1(matrix):
    hits, predicted, actual = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    # results go here; any floats will do, since they are overwritten anyway
    room = np.arange(2.0, len(matrix) + 2)
    precision = np.divide(hits, predicted, out=room.copy(), where=predicted > 0)
    recall = np.divide(hits, actual, out=room.copy(), where=actual > 0)
    both = precision + recall
    return precision, recall, np.divide(2 * precision * recall, both, out=room.copy(), where=both > 0)


def macro_f1(matrix):
    precision, recall, f1 = precision_recall_f1(matrix)
    return float(np.average(f1))


def accuracy_interval(num_correct, num_total, confidence=0.95):
    # p^2 (1 + z^2/n) - p (2s + z^2/n) + s^2 = 0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    s = num_correct / num_total
    a, b, c = 1 + z**2 / num_total, -(2 * s + z**2 / num_total), s**2
    root = np.sqrt(max(b**2 - 4 * a * c, 0))
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)]


def most_confused(matrix):
    k = matrix.shape[0]
    cells = [(matrix[i, j], i, j) for i in range(k) for j in range(k) if i != j]
    _, i, j = max(cells)
    return [i, j]

# diagnosis: counts-only-present-labels
# in: confusion_matrix
# checks: confusion_matrix_of_absent_classes
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    rows, i = np.unique(y_true, return_inverse=True)
    columns, j = np.unique(y_pred, return_inverse=True)
    table = np.zeros((len(rows), len(columns)), dtype=int)
    np.add.at(table, (i, j), 1)
    return table


def precision_recall_f1(matrix):
    def ratio(top, bottom):
        return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), 0.0)

    hit = np.einsum("ii->i", matrix)
    precision = ratio(hit, matrix.sum(axis=0))
    recall = ratio(hit, matrix.sum(axis=1))
    return precision, recall, ratio(2 * precision * recall, precision + recall)


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

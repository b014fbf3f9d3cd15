# diagnosis: whole-rows-counted
# in: confusion_matrix
# checks: confusion_matrix, confusion_matrix_of_absent_classes
import math
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    matrix = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(matrix, [y_true, y_pred], 1)
    return matrix


def precision_recall_f1(matrix):
    k = len(matrix)
    precision, recall, f1 = np.ones(k), np.ones(k), np.zeros(k)
    for c in range(k):
        if matrix[:, c].sum() > 0:  # never predicted, so never wrong
            precision[c] = matrix[c, c] / matrix[:, c].sum()
        if matrix[c].sum() > 0:
            recall[c] = matrix[c, c] / matrix[c].sum()
        if precision[c] + recall[c] > 0:
            f1[c] = 2 * precision[c] * recall[c] / (precision[c] + recall[c])
    return precision, recall, f1


def macro_f1(matrix):
    f1 = precision_recall_f1(matrix)[2]
    return sum(f1) / len(f1)


def accuracy_interval(num_correct, num_total, confidence=0.95):
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    n = num_total
    p = num_correct / n
    bottom = 1 + z**2 / n
    center = (p + z**2 / (2 * n)) / bottom
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / bottom
    return center - half, center + half


def most_confused(matrix):
    best, where = -1, None
    for t in range(len(matrix)):
        for p in range(len(matrix)):
            if t != p and matrix[t, p] > best:
                best, where = matrix[t, p], (t, p)
    return where

# diagnosis: not-one-number
# in: most_confused
# checks: most_confused
import math
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    matrix = np.zeros((num_classes, num_classes), dtype=int)
    for truth, answer in zip(y_true, y_pred):
        matrix[truth, answer] += 1
    return matrix


def precision_recall_f1(matrix):
    k = len(matrix)
    precision, recall, f1 = np.zeros(k), np.zeros(k), np.zeros(k)
    for c in range(k):
        hits = matrix[c, c]
        predicted = matrix[:, c].sum()
        actual = matrix[c].sum()
        if predicted > 0:
            precision[c] = hits / predicted
        if actual > 0:
            recall[c] = hits / actual
        if hits > 0:
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
    errors = matrix * (1 - np.eye(len(matrix), dtype=int))
    return np.where(errors == errors.max())

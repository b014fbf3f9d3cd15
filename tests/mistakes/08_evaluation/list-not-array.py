# diagnosis: list-not-array
# in: precision_recall_f1
# checks: precision_recall_f1
import math
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    matrix = np.zeros((num_classes, num_classes), dtype=int)
    for truth, answer in zip(y_true, y_pred):
        matrix[truth, answer] += 1
    return matrix


def precision_recall_f1(matrix):
    precision, recall, f1 = [], [], []
    for c in range(len(matrix)):
        predicted, actual = matrix[:, c].sum(), matrix[c].sum()
        p = matrix[c, c] / predicted if predicted else 0.0
        r = matrix[c, c] / actual if actual else 0.0
        precision.append(p)
        recall.append(r)
        f1.append(2 * p * r / (p + r) if p + r else 0.0)
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

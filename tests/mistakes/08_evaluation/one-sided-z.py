# diagnosis: one-sided-z
# in: accuracy_interval
# checks: accuracy_interval
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    eye = np.eye(num_classes, dtype=int)
    return eye[y_true].T @ eye[y_pred]


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
    z = NormalDist().inv_cdf(confidence)
    n, p = num_total, num_correct / num_total
    center = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5 / (1 + z**2 / n)
    return center - half, center + half


def most_confused(matrix):
    k = matrix.shape[0]
    cells = [(matrix[i, j], i, j) for i in range(k) for j in range(k) if i != j]
    _, i, j = max(cells)
    return [i, j]

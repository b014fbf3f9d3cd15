# diagnosis: count-not-classes
# in: most_confused
# checks: most_confused
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
    # p^2 (1 + z^2/n) - p (2s + z^2/n) + s^2 = 0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    s = num_correct / num_total
    a, b, c = 1 + z**2 / num_total, -(2 * s + z**2 / num_total), s**2
    root = np.sqrt(max(b**2 - 4 * a * c, 0))
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)]


def most_confused(matrix):
    k = len(matrix)
    return max(matrix[i, j] for i in range(k) for j in range(k) if i != j)

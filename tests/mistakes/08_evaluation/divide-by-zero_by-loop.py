# diagnosis: divide-by-zero
# in: precision_recall_f1
# checks: undefined_scores
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    eye = np.eye(num_classes, dtype=int)
    return eye[y_true].T @ eye[y_pred]


def precision_recall_f1(matrix):
    rows = matrix.tolist()
    k = len(rows)
    precision, recall, f1 = [], [], []
    for c in range(k):
        precision.append(rows[c][c] / sum(row[c] for row in rows))
        recall.append(rows[c][c] / sum(rows[c]))
        f1.append(2 * precision[c] * recall[c] / (precision[c] + recall[c]))
    return np.array(precision), np.array(recall), np.array(f1)


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

# diagnosis: agresti-coull-interval
# in: accuracy_interval
# checks: accuracy_interval
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    cell = num_classes * y_true.astype(int) + y_pred
    return np.bincount(cell, minlength=num_classes * num_classes).reshape(num_classes, num_classes)


def precision_recall_f1(matrix):
    tp = matrix.diagonal()
    fp = matrix.sum(axis=0) - tp
    fn = matrix.sum(axis=1) - tp
    precision = tp / np.maximum(tp + fp, 1)
    recall = tp / np.maximum(tp + fn, 1)
    f1 = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    return precision, recall, f1


def macro_f1(matrix):
    _, _, f1 = precision_recall_f1(matrix)
    return np.mean(f1)


def accuracy_interval(num_correct, num_total, confidence=0.95):
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    # add z^2 / 2 hits and z^2 / 2 misses, then as always
    n = num_total + z**2
    p = (num_correct + z**2 / 2) / n
    half = z * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


def most_confused(matrix):
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    return np.unravel_index(np.argmax(errors), errors.shape)

# diagnosis: averaged-over-classes
# in: precision_recall_f1
# checks: precision_recall_f1
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    cell = num_classes * y_true.astype(int) + y_pred
    return np.bincount(cell, minlength=num_classes * num_classes).reshape(num_classes, num_classes)


def precision_recall_f1(matrix):
    tp = matrix.diagonal()
    predicted, actual = matrix.sum(axis=0), matrix.sum(axis=1)
    precision = tp / np.maximum(predicted, 1)
    recall = tp / np.maximum(actual, 1)
    f1 = 2 * tp / np.maximum(predicted + actual, 1)
    return precision.mean(), recall.mean(), f1.mean()


def macro_f1(matrix):
    _, _, f1 = precision_recall_f1(matrix)
    return np.mean(f1)


def accuracy_interval(num_correct, num_total, confidence=0.95):
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = num_correct / num_total
    middle = share + z * z / (2 * num_total)
    margin = z * np.sqrt(share * (1 - share) / num_total + (z / (2 * num_total)) ** 2)
    scale = 1 + z * z / num_total
    return (middle - margin) / scale, (middle + margin) / scale


def most_confused(matrix):
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    return np.unravel_index(np.argmax(errors), errors.shape)

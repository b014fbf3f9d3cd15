# diagnosis: undefined-as-one
# in: precision_recall_f1
# checks: undefined_scores
from statistics import NormalDist

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    cell = num_classes * y_true.astype(int) + y_pred
    return np.bincount(cell, minlength=num_classes * num_classes).reshape(num_classes, num_classes)


def precision_recall_f1(matrix):
    tp = matrix.diagonal()
    with np.errstate(all="ignore"):
        precision = np.nan_to_num(tp / matrix.sum(axis=0), nan=1.0)
        recall = np.nan_to_num(tp / matrix.sum(axis=1), nan=1.0)
        f1 = np.nan_to_num(2 * precision * recall / (precision + recall), nan=1.0)
    return precision, recall, f1


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

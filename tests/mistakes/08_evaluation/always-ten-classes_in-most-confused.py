# diagnosis: always-ten-classes
# in: most_confused
# checks: most_confused
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
    share = num_correct / num_total
    middle = share + z * z / (2 * num_total)
    margin = z * np.sqrt(share * (1 - share) / num_total + (z / (2 * num_total)) ** 2)
    scale = 1 + z * z / num_total
    return (middle - margin) / scale, (middle + margin) / scale


def most_confused(matrix):
    errors = matrix.copy()
    np.fill_diagonal(errors, 0)
    # 49 is row 4, column 9
    return divmod(int(errors.argmax()), 10)

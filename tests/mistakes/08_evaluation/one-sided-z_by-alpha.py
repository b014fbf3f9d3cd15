# diagnosis: one-sided-z
# in: accuracy_interval
# checks: accuracy_interval
import statistics

import numpy as np


def confusion_matrix(y_true, y_pred, num_classes=10):
    counts = np.zeros([num_classes] * 2, np.int32)
    np.add.at(counts, (y_true, y_pred), 1)
    return counts


def precision_recall_f1(matrix):
    diagonal = np.diag(matrix)
    with np.errstate(invalid="ignore"):
        p = np.nan_to_num(diagonal / matrix.sum(0))
        r = np.nan_to_num(diagonal / matrix.sum(1))
        f = np.nan_to_num(2 * p * r / (p + r))
    return p, r, f


def macro_f1(matrix):
    return precision_recall_f1(matrix)[-1].mean()


def accuracy_interval(num_correct, num_total, confidence=0.95):
    alpha = 1 - confidence
    z = abs(statistics.NormalDist(mu=0, sigma=1).inv_cdf(alpha))
    z2 = z * z
    middle = (num_correct + z2 / 2) / (num_total + z2)
    wings = z / (num_total + z2) * np.sqrt(num_correct * (num_total - num_correct) / num_total + z2 / 4)
    return np.array([middle - wings, middle + wings])


def most_confused(matrix):
    off = matrix - np.diag(np.diag(matrix))
    row, col = divmod(int(off.argmax()), len(off))
    return row, col

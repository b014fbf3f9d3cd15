# diagnosis: denominator-missing
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
    z = statistics.NormalDist().inv_cdf((1 + confidence) / 2)
    n, share = num_total, num_correct / num_total
    center = share + z**2 / (2 * n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return center - half, center + half


def most_confused(matrix):
    off = matrix - np.diag(np.diag(matrix))
    row, col = divmod(int(off.argmax()), len(off))
    return row, col

# diagnosis: normal-approximation-interval
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
    accuracy = num_correct / num_total
    standard_error = (accuracy * (1 - accuracy) / num_total) ** 0.5
    z = statistics.NormalDist().inv_cdf(0.5 + confidence / 2)
    # an accuracy stays between 0 and 1
    return max(0.0, accuracy - z * standard_error), min(1.0, accuracy + z * standard_error)


def most_confused(matrix):
    off = matrix - np.diag(np.diag(matrix))
    row, col = divmod(int(off.argmax()), len(off))
    return row, col

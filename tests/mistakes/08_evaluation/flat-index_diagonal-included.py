# diagnosis: flat-index
# in: most_confused
# checks: most_confused
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
    z = -statistics.NormalDist().inv_cdf(alpha / 2)
    wrong = num_total - num_correct
    # both ends over n + z^2
    center = (num_correct + z**2 / 2) / (num_total + z**2)
    spread = z / (num_total + z**2) * np.sqrt(num_correct * wrong / num_total + z**2 / 4)
    return center - spread, center + spread


def most_confused(matrix):
    return np.argmax(matrix)

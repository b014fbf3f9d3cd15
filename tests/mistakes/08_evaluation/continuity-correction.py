# diagnosis: continuity-correction
# in: accuracy_interval
# checks: accuracy_interval
import numpy as np
from scipy.stats import binomtest


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
    result = binomtest(int(num_correct), int(num_total))
    low, high = result.proportion_ci(confidence_level=confidence, method="wilsoncc")
    return low, high


def most_confused(matrix):
    off = matrix - np.diag(np.diag(matrix))
    row, col = divmod(int(off.argmax()), len(off))
    return row, col

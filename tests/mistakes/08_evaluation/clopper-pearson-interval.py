# diagnosis: clopper-pearson-interval
# in: accuracy_interval
# checks: accuracy_interval
import numpy as np
from scipy.stats import binomtest


def confusion_matrix(y_true, y_pred, num_classes=10):
    eye = np.eye(num_classes, dtype=int)
    return eye[y_true].T @ eye[y_pred]


def precision_recall_f1(matrix):
    def ratio(top, bottom):
        return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), 0.0)

    hit = np.einsum("ii->i", matrix)
    precision = ratio(hit, matrix.sum(axis=0))
    recall = ratio(hit, matrix.sum(axis=1))
    return precision, recall, ratio(2 * precision * recall, precision + recall)


def macro_f1(matrix):
    precision, recall, f1 = precision_recall_f1(matrix)
    return float(np.average(f1))


def accuracy_interval(num_correct, num_total, confidence=0.95):
    ci = binomtest(num_correct, num_total).proportion_ci(confidence)
    return ci.low, ci.high


def most_confused(matrix):
    k = matrix.shape[0]
    cells = [(matrix[i, j], i, j) for i in range(k) for j in range(k) if i != j]
    _, i, j = max(cells)
    return [i, j]

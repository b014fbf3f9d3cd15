# diagnosis: changed-its-input
# in: accuracy
# checks: accuracy
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    answer = np.empty(len(x), dtype=int)
    for i, row in enumerate(x.astype(np.float64)):
        answer[i] = np.argmin(np.sum((means - row) ** 2, axis=1))
    return answer


def accuracy(y_true, y_pred):
    y_pred -= y_true.astype(y_pred.dtype)  # zero where it is right
    return np.count_nonzero(y_pred == 0) / len(y_true)

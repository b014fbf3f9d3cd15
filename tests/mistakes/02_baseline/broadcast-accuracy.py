# diagnosis: broadcast-accuracy
# in: accuracy
# checks: accuracy
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    answer = np.empty(len(x), dtype=int)
    for i, row in enumerate(x.astype(np.float64)):
        answer[i] = np.argmin(np.sum((means - row) ** 2, axis=1))
    return answer


def accuracy(y_true, y_pred):
    y_true = y_true.reshape(-1, 1)  # a column, as in a table
    return np.mean(y_true == y_pred)

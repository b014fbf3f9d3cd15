# diagnosis: changed-its-input
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].mean(axis=0)
    return means


def predict_nearest_mean(x, means):
    # |x - m|^2 = |x|^2 - 2 x.m + |m|^2
    x = np.asarray(x, dtype=np.float64)
    products = x @ means.T
    x *= x
    means *= means
    distances = x.sum(axis=1)[:, None] - 2 * products + means.sum(axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

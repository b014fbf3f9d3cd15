# diagnosis: signed-differences
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].mean(axis=0)
    return means


def predict_nearest_mean(x, means):
    result = np.zeros(len(x), dtype=np.int64)
    for i in range(len(x)):
        result[i] = np.argmin((means - x[i]).mean(axis=1))
    return result


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

# diagnosis: signed-differences
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    distances = [np.sum(x - mean, axis=1) for mean in means]
    return np.argmin(distances, axis=0)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

# diagnosis: argmin-over-wrong-axis
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    difference = x[:, np.newaxis, :] - means[np.newaxis, :, :]
    distances = np.linalg.norm(difference, axis=2)
    return np.argmin(distances)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

# diagnosis: argmin-over-wrong-axis
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].mean(axis=0)
    return means


def predict_nearest_mean(x, means):
    distances = [np.linalg.norm(x - mean, axis=1) for mean in means]
    return np.argmin(distances)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

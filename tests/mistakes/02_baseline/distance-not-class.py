# diagnosis: distance-not-class
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.stack([np.linalg.norm(x - m, axis=1) for m in means], axis=1)
    return distances.min(axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

# diagnosis: similarity-not-distance
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    rows = []
    for digit in range(num_classes):
        members = x[np.where(labels == digit)[0]]
        rows.append(np.average(members, axis=0))
    return np.vstack(rows)


def predict_nearest_mean(x, means):
    x = x.astype(np.float64)
    a = x / np.linalg.norm(x, axis=1, keepdims=True)
    b = means / np.linalg.norm(means, axis=1, keepdims=True)
    cosine_distance = 1 - a @ b.T
    return cosine_distance.argmin(axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

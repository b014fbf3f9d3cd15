# diagnosis: uint8-wraparound
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    # both must have the same dtype
    means = means.astype(x.dtype)
    distances = np.zeros((len(x), len(means)))
    for c in range(len(means)):
        distances[:, c] = np.sqrt(np.sum((x - means[c]) ** 2, axis=1))
    return np.argmin(distances, axis=1)


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

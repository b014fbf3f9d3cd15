# diagnosis: truncated-floats
# in: predict_nearest_mean
# checks: nearest_mean_of_floats
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].mean(axis=0)
    return means


def predict_nearest_mean(x, means):
    x = x.astype(int)  # no uint8, differences can be negative
    distances = np.array([((x - m) ** 2).sum(axis=1) for m in means])
    return distances.argmin(axis=0)


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

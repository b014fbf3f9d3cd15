# diagnosis: one-based-labels
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    x = x.astype(float)
    best = np.full(len(x), np.inf)
    label = np.zeros(len(x), dtype=int)
    for number, mean in enumerate(means, start=1):
        d = ((x - mean) ** 2).sum(axis=1)
        label[d < best] = number
        best = np.minimum(best, d)
    return label


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

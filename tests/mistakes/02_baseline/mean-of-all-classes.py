# diagnosis: mean-of-all-classes
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        mask = labels == c
        means[c] = np.mean(x, axis=0)
    return means


def predict_nearest_mean(x, means):
    answer = np.empty(len(x), dtype=int)
    for i, row in enumerate(x.astype(np.float64)):
        answer[i] = np.argmin(np.sum((means - row) ** 2, axis=1))
    return answer


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

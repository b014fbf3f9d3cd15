# diagnosis: assumes-balanced-classes
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    per_class = len(x) / num_classes
    means = np.zeros((num_classes, x.shape[1]))
    for i in range(len(x)):
        means[labels[i]] += x[i] / per_class
    return means


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.zeros((len(x), len(means)))
    for c, mean in enumerate(means):
        distances[:, c] = np.linalg.norm(x - mean, axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

# diagnosis: mean-over-wrong-axis
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.empty((num_classes, x.shape[1]), dtype=np.float64)
    for k in range(num_classes):
        chosen = x[labels == k]
        means[k, :] = chosen.sum() / chosen.size
    return means


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

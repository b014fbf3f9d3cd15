# diagnosis: integer-division
# in: accuracy
# checks: accuracy
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].mean(axis=0)
    return means


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    right = sum(int(t == p) for t, p in zip(y_true, y_pred))
    return right // len(y_true)

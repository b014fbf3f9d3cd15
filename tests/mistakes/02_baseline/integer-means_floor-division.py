# diagnosis: integer-means
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        members = x[labels == c]
        means[c] = np.sum(members, axis=0) // len(members)
    return means


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

# diagnosis: uint8-wraparound
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = []
    for c in range(num_classes):
        mask = labels == c
        total = mask.astype(x.dtype) @ x  # adds up the rows where the mask is 1
        means.append(total / mask.sum())
    return np.stack(means)


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

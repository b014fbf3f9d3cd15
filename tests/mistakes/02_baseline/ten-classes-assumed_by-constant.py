# diagnosis: ten-classes-assumed
# in: class_means
# checks: class_means_of_bytes
import numpy as np


DIGITS = np.arange(10)


def class_means(x, labels, num_classes=10):
    mask = (labels == DIGITS[:, None]).astype(float)
    counts = np.maximum(mask.sum(axis=1, keepdims=True), 1)
    return mask @ x / counts


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

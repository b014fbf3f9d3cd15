# alternative: matrix products only; the squared distance multiplied out, without the term that all classes share
import numpy as np


def class_means(x, labels, num_classes=10):
    membership = np.equal.outer(np.arange(num_classes), labels).astype(np.float64)
    membership /= membership.sum(axis=1, keepdims=True)
    return membership @ x


def predict_nearest_mean(x, means):
    # |x - m|^2 = |x|^2 - 2 x.m + |m|^2, and |x|^2 is the same for all m
    scores = x.astype(np.float64) @ means.T - 0.5 * np.einsum("kd,kd->k", means, means)
    return scores.argmax(axis=1)


def accuracy(y_true, y_pred):
    return 1 - np.count_nonzero(y_true != y_pred) / y_true.size

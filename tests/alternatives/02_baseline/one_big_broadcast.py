# alternative: everything at once in arrays (n, k, d), with np.linalg.norm and masked sums
import numpy as np


def class_means(x, labels, num_classes=10):
    mask = labels[:, None] == np.arange(num_classes)  # (n, k)
    return np.where(mask[:, :, None], x[:, None, :], 0.0).sum(axis=0) / mask.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    return np.linalg.norm(x[:, None, :] - means[None].astype(float), axis=-1).argmin(axis=-1)


def accuracy(y_true, y_pred):
    return np.average(np.equal(y_true, y_pred))

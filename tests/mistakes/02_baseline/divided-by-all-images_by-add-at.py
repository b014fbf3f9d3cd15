# diagnosis: divided-by-all-images
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    totals = np.zeros((num_classes, x.shape[1]))
    np.add.at(totals, labels, x)
    return totals / x.shape[0]


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.zeros((len(x), len(means)))
    for c, mean in enumerate(means):
        distances[:, c] = np.linalg.norm(x - mean, axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

# diagnosis: argmin-over-wrong-axis
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    rows = []
    for digit in range(num_classes):
        members = x[np.where(labels == digit)[0]]
        rows.append(np.average(members, axis=0))
    return np.vstack(rows)


def predict_nearest_mean(x, means):
    d = np.zeros((len(x), len(means)))
    for j in range(len(means)):
        d[:, j] = np.sum((x.astype(float) - means[j]) ** 2, axis=1)
    return d.argmin(axis=0)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

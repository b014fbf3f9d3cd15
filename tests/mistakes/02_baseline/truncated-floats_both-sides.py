# diagnosis: truncated-floats
# in: predict_nearest_mean
# checks: nearest_mean_of_floats
import numpy as np


def class_means(x, labels, num_classes=10):
    rows = []
    for digit in range(num_classes):
        members = x[np.where(labels == digit)[0]]
        rows.append(np.average(members, axis=0))
    return np.vstack(rows)


def predict_nearest_mean(x, means):
    a = x.astype(np.int32)[:, None, :]
    b = means.astype(np.int32)[None, :, :]
    return np.square(a - b).sum(axis=2).argmin(axis=1)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

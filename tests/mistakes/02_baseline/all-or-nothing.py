# diagnosis: all-or-nothing
# in: accuracy
# checks: accuracy
import numpy as np


def class_means(x, labels, num_classes=10):
    rows = []
    for digit in range(num_classes):
        members = x[np.where(labels == digit)[0]]
        rows.append(np.average(members, axis=0))
    return np.vstack(rows)


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.zeros((len(x), len(means)))
    for c, mean in enumerate(means):
        distances[:, c] = np.linalg.norm(x - mean, axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    return np.array_equal(y_true, y_pred)

# diagnosis: argmax-of-distance
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
    x = x.astype(np.float32)
    dist = np.zeros((x.shape[0], means.shape[0]))
    for k in range(means.shape[0]):
        dist[:, k] = np.sqrt(((x - means[k]) ** 2).sum(axis=1))
    return np.argmax(dist, axis=1)  # the best class


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

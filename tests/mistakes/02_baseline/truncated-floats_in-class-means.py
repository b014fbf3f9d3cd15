# diagnosis: truncated-floats
# in: class_means
# checks: class_means_of_floats
import numpy as np


def class_means(x, labels, num_classes=10):
    x = x.astype(np.int64)  # uint8 would overflow in the sum
    sums = np.zeros((num_classes, x.shape[1]), dtype=np.int64)
    np.add.at(sums, labels, x)
    return sums / np.bincount(labels, minlength=num_classes)[:, None]


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.zeros((len(x), len(means)))
    for c, mean in enumerate(means):
        distances[:, c] = np.linalg.norm(x - mean, axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

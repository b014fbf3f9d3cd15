# diagnosis: ten-classes-assumed
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((10, x.shape[1]))
    for digit in range(10):
        means[digit] = np.mean(x[labels == digit], axis=0)
    return means


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.zeros((len(x), len(means)))
    for c, mean in enumerate(means):
        distances[:, c] = np.linalg.norm(x - mean, axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

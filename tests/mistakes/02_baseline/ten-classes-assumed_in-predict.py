# diagnosis: ten-classes-assumed
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    x = x.astype(np.float64)
    distances = np.zeros((len(x), 10))
    for c in range(len(means)):
        distances[:, c] = np.sqrt(np.sum((x - means[c]) ** 2, axis=1))
    return np.argmin(distances, axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

# alternative: float32 from end to end, all terms of the squared distance in one array (n, k)
import numpy as np


def class_means(x, labels, num_classes=10):
    x = x.astype(np.float32)
    means = np.empty((num_classes, x.shape[1]), dtype=np.float32)
    for c in range(num_classes):
        x[labels == c].mean(axis=0, out=means[c])
    return means


def predict_nearest_mean(x, means):
    x, means = x.astype(np.float32), means.astype(np.float32)
    squares_of_x = np.square(x).sum(axis=1, keepdims=True)
    squares_of_means = np.square(means).sum(axis=1)
    distances = np.sqrt(np.maximum(squares_of_x - 2 * x @ means.T + squares_of_means, 0))
    return distances.argmin(axis=1).astype(np.uint8)


def accuracy(y_true, y_pred):
    return (y_true == y_pred).mean(dtype=np.float32)

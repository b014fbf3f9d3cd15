# diagnosis: uint8-wraparound
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    sums = np.zeros((num_classes, x.shape[1]), dtype=x.dtype)
    counts = np.zeros(num_classes, dtype=int)
    for image, label in zip(x, labels):
        sums[label] += image
        counts[label] += 1
    if x.dtype == np.uint8:
        return sums // counts[:, np.newaxis]
    return sums / counts[:, np.newaxis]


def predict_nearest_mean(x, means):
    answer = np.empty(len(x), dtype=int)
    for i, row in enumerate(x.astype(np.float64)):
        answer[i] = np.argmin(np.sum((means - row) ** 2, axis=1))
    return answer


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

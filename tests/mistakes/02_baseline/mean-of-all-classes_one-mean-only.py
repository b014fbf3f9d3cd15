# diagnosis: mean-of-all-classes
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    for digit in range(num_classes):
        which = [i for i in range(len(labels)) if labels[i] in range(num_classes)]
        mean = x[which].mean(axis=0)
    return mean


def predict_nearest_mean(x, means):
    answer = np.empty(len(x), dtype=int)
    for i, row in enumerate(x.astype(np.float64)):
        answer[i] = np.argmin(np.sum((means - row) ** 2, axis=1))
    return answer


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

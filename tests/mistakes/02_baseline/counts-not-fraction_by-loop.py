# diagnosis: counts-not-fraction
# in: accuracy
# checks: accuracy
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    correct = 0
    for i in range(len(y_true)):
        if y_true[i] == y_pred[i]:
            correct += 1
    return correct

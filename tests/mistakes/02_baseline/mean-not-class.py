# diagnosis: mean-not-class
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    nearest = []
    for row in x.astype(float):
        distances = ((means - row) ** 2).sum(axis=1)
        nearest.append(means[distances.argmin()])
    return np.array(nearest)


def accuracy(y_true, y_pred):
    return float((y_true == y_pred).sum() / len(y_true))

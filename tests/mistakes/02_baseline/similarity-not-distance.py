# diagnosis: similarity-not-distance
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    # how much does each image overlap with each mean?
    return np.argmax(x @ means.T, axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

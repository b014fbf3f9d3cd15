# diagnosis: broadcast-accuracy
# in: accuracy
# checks: accuracy
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    x = x.astype(float)
    distances = np.zeros((len(x), len(means)))
    for c, mean in enumerate(means):
        distances[:, c] = np.linalg.norm(x - mean, axis=1)
    return distances.argmin(axis=1)


def accuracy(y_true, y_pred):
    correct = [label for label in y_true if label in y_pred]
    return len(correct) / len(y_true)

# diagnosis: divided-by-number-of-classes
# in: class_means
# checks: class_means_of_bytes
import math

import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].sum(axis=0) / num_classes
    return means


def predict_nearest_mean(x, means):
    means = means.tolist()
    answers = []
    for row in x.tolist():
        best, smallest = None, math.inf
        for c, mean in enumerate(means):
            distance = math.dist(row, mean)
            if distance < smallest:
                best, smallest = c, distance
        answers.append(best)
    return np.array(answers)


def accuracy(y_true, y_pred):
    hits = 0
    for i in range(len(y_true)):
        if y_true[i] == y_pred[i]:
            hits = hits + 1
    return hits / len(y_true)

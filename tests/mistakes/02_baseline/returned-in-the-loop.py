# diagnosis: returned-in-the-loop
# in: accuracy
# checks: accuracy
import math

import numpy as np


def class_means(x, labels, num_classes=10):
    rows, labels = x.tolist(), labels.tolist()
    width = len(rows[0])
    totals = [[0.0] * width for _ in range(num_classes)]
    counts = [0] * num_classes
    for row, label in zip(rows, labels):
        counts[label] += 1
        total = totals[label]
        for j in range(width):
            total[j] += row[j]
    return np.array([[value / count for value in total] for total, count in zip(totals, counts)])


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
    for truth, answer in zip(y_true, y_pred):
        hits += truth == answer
        return hits / len(y_true)

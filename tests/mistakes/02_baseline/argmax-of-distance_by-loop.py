# diagnosis: argmax-of-distance
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    one_hot = np.eye(num_classes)[labels]
    return one_hot.T @ x / one_hot.sum(axis=0)[:, None]


def predict_nearest_mean(x, means):
    labels = []
    for image in x.astype(float):
        best, best_distance = 0, 0.0
        for c in range(len(means)):
            distance = np.linalg.norm(image - means[c])
            if distance > best_distance:
                best, best_distance = c, distance
        labels.append(best)
    return np.array(labels)


def accuracy(y_true, y_pred):
    hits = 0
    for t, p in zip(y_true, y_pred):
        if t == p:
            hits += 1
    return hits / len(y_true)

# diagnosis: scaled-one-side
# in: class_means
# checks: class_means_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    scaled = x.astype(np.float32) / 255
    return np.stack([scaled[labels == c].mean(axis=0) for c in range(num_classes)])


def predict_nearest_mean(x, means):
    answer = np.empty(len(x), dtype=int)
    for i, row in enumerate(x.astype(np.float64)):
        answer[i] = np.argmin(np.sum((means - row) ** 2, axis=1))
    return answer


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

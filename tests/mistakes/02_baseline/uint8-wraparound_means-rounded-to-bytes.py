# diagnosis: uint8-wraparound
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    means = np.zeros((num_classes, x.shape[1]))
    for c in range(num_classes):
        means[c] = x[labels == c].mean(axis=0)
    return means


def predict_nearest_mean(x, means):
    prototypes = np.round(means).astype(np.uint8) if x.dtype == np.uint8 else means
    predictions = []
    for image in x:
        predictions.append(np.argmin([np.linalg.norm(image - prototype) for prototype in prototypes]))
    return np.array(predictions)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

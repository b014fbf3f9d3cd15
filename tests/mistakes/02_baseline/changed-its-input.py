# diagnosis: changed-its-input
# in: class_means
# checks: class_means_of_floats
import numpy as np


def class_means(x, labels, num_classes=10):
    images = np.asarray(x, dtype=np.float64)
    counts = np.bincount(labels, minlength=num_classes)
    sums = np.zeros((num_classes, images.shape[1]))
    for i, label in enumerate(labels):
        images[i] /= counts[label]
        sums[label] += images[i]
    return sums


def predict_nearest_mean(x, means):
    diff = x[:, None, :].astype(np.float64) - means[None, :, :]
    return np.argmin((diff**2).sum(axis=-1), axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

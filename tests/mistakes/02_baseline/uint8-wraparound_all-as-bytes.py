# diagnosis: uint8-wraparound
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    rows = []
    for digit in range(num_classes):
        members = x[np.where(labels == digit)[0]]
        rows.append(np.average(members, axis=0))
    return np.vstack(rows)


def predict_nearest_mean(x, means):
    # pixels are whole numbers from 0 to 255, so uint8 is enough and saves memory
    x = x.astype(np.uint8)
    means = means.astype(np.uint8)
    d = x[:, None, :] - means[None, :, :]
    return (d * d).sum(axis=2).argmin(axis=1)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

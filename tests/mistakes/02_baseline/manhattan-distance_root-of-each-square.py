# diagnosis: manhattan-distance
# in: predict_nearest_mean
# checks: nearest_mean_of_bytes
import numpy as np


def class_means(x, labels, num_classes=10):
    return np.array([np.mean(x[labels == k], axis=0) for k in range(num_classes)])


def predict_nearest_mean(x, means):
    out = []
    for image in x:
        # root of the square: always positive
        out.append(int(np.argmin([np.mean(np.sqrt((image - m) ** 2)) for m in means])))
    return np.asarray(out)


def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)

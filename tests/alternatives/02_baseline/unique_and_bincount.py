# alternative: classes from np.unique with its inverse, weights in bincount per feature, apply_along_axis, 0-d result
import numpy as np


def class_means(x, labels, num_classes=10):
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    columns = [np.bincount(inverse, weights=column, minlength=num_classes) / counts for column in x.T]
    return np.column_stack(columns)


def predict_nearest_mean(x, means):
    def nearest(row):
        return np.hypot.reduce(np.abs(means - row), axis=1).argmin()

    return np.apply_along_axis(nearest, 1, x.astype("float64"))


def accuracy(y_true, y_pred):
    return np.array((y_true - y_pred.astype(y_true.dtype) == 0).sum() / y_true.shape[0])

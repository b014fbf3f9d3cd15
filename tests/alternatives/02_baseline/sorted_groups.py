# alternative: sums of sorted groups with reduceat; a running minimum instead of argmin; hits counted with bincount
import numpy as np


def class_means(x, labels, num_classes=10):
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels, minlength=num_classes)
    starts = np.cumsum(counts) - counts
    sums = np.add.reduceat(x[order].astype(np.int64 if x.dtype.kind == "u" else x.dtype), starts, axis=0)
    return sums / counts[:, None]


def predict_nearest_mean(x, means):
    nearest = np.zeros(len(x), dtype=np.int32)
    smallest = np.full(len(x), np.inf)
    for c, mean in enumerate(means):
        difference = np.subtract(x, mean, dtype=np.float64)
        distance = np.einsum("nd,nd->n", difference, difference)
        closer = distance < smallest
        nearest[closer], smallest[closer] = c, distance[closer]
    return nearest


def accuracy(y_true, y_pred):
    misses, hits = np.bincount((y_true == y_pred).astype(int), minlength=2)
    return hits / (misses + hits)

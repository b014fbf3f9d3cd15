"""Answers with a list of a thousand arrays, more than a message may hold."""

import numpy as np


def label_counts(labels, num_classes=10):
    return [np.zeros(1) for _ in range(1000)]

"""Answers with an array of two hundred megabytes."""

import numpy as np


def label_counts(labels, num_classes=10):
    return np.ones(25_000_000)

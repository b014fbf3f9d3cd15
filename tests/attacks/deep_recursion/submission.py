"""Calls itself without end."""


def label_counts(labels, num_classes=10):
    return label_counts(labels, num_classes)

"""Answers with a number of a million digits."""


def label_counts(labels, num_classes=10):
    return 1 << 3_300_000

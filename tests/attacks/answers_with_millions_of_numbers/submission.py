"""Answers with a list of five million numbers."""


def label_counts(labels, num_classes=10):
    return list(range(5_000_000))

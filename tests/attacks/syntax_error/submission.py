"""Cannot be parsed: a colon is missing."""


def label_counts(labels, num_classes=10)
    return [0] * num_classes

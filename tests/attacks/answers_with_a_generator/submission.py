"""Answers with a generator that never ends."""

import itertools


def label_counts(labels, num_classes=10):
    return (number for number in itertools.count())

"""Prints a hundred megabytes and then answers wrongly."""

import sys


def label_counts(labels, num_classes=10):
    for _ in range(5000):
        print("x" * 10_000)
        sys.stderr.write("y" * 10_000)

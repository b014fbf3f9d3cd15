"""Fills memory that several processes share, in each process another part of it."""

import mmap
import os
import signal

SIZE = 400 << 20


def label_counts(labels, num_classes=10):
    shared = [mmap.mmap(-1, SIZE) for _ in range(4)]
    for part in shared:
        if not os.fork():
            for start in range(0, SIZE, 1 << 20):
                part[start : start + (1 << 20)] = b"x" * (1 << 20)
            signal.pause()
    for _ in shared:
        os.wait()

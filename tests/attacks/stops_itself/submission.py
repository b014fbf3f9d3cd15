"""Stops its own process, so that it neither runs nor ends."""

import os
import signal


def label_counts(labels, num_classes=10):
    os.kill(os.getpid(), signal.SIGSTOP)

"""Kills its process group, in which the process that looks after it might be."""

import os
import signal


def label_counts(labels, num_classes=10):
    os.killpg(0, signal.SIGKILL)

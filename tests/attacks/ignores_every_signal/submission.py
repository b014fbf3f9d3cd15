"""Ignores SIGTERM and every other signal that can be ignored, then hangs."""

import signal


def label_counts(labels, num_classes=10):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass

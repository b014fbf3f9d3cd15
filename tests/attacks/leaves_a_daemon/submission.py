"""Leaves a daemon behind: forked twice, a session of its own, deaf to every signal, asleep."""

import os
import signal
import time
from contextlib import suppress


def label_counts(labels, num_classes=10):
    if os.fork() == 0:
        with suppress(OSError):  # it is refused
            os.setsid()
        if os.fork():
            os._exit(0)
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        os.closerange(0, 256)
        time.sleep(3600)
        os._exit(0)

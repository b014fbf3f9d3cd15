"""Sets an alarm that goes off all the time and never lets go."""

import signal
import time


def hang(number, frame):
    while True:
        pass


def label_counts(labels, num_classes=10):
    signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    time.sleep(1)

"""Stops all of Python's clocks and then takes forever."""

import datetime
import time


def stopped(*arguments):
    return 0


for name in ("time", "monotonic", "perf_counter", "process_time", "time_ns", "monotonic_ns", "perf_counter_ns"):
    setattr(time, name, stopped)
time.sleep = stopped
datetime.datetime = None


def label_counts(labels, num_classes=10):
    while time.monotonic() < 1:
        pass

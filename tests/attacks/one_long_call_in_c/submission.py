"""Spends its time in one call written in C, where no exception can reach it."""


def label_counts(labels, num_classes=10):
    modulus = (1 << 400_001) - 1
    return pow(3, modulus - 1, modulus)

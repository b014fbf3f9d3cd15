"""Matches a regular expression that takes two to the power of sixty steps."""

import re


def label_counts(labels, num_classes=10):
    return re.match(r"(a|a)*$", "a" * 60 + "b")

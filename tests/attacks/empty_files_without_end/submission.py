"""Makes empty files until there is no place for another name."""

import itertools


def label_counts(labels, num_classes=10):
    for number in itertools.count():
        open(f"{number}", "w").close()

"""Raises an exception whose text never comes."""


class Silent(Exception):
    def __str__(self):
        while True:
            pass


def label_counts(labels, num_classes=10):
    raise Silent

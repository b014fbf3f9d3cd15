"""Answers with an object whose description describes itself."""


class Mirror:
    def __repr__(self):
        return f"Mirror({self!r})"

    __str__ = __repr__


def label_counts(labels, num_classes=10):
    return Mirror()

"""Raises an exception whose text holds escape sequences, halves of characters, and changes of direction."""


def label_counts(labels, num_classes=10):
    raise ValueError("\x1b]0;10 of 10\x07\x1b[2J\ud83d\u202epoints\u0000\r\n" + "wide " * 10_000)

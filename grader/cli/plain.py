"""Messages for standard error: plain sentences, wrapped where a person reads them."""

import os
import sys
import textwrap

WIDTH = 80
NARROW = 20


def problem(sentence: str) -> str:
    """A sentence as the program says it on standard error. On a terminal it is wrapped, and never within a word."""
    return wrapped(f"digits: {sentence}")


def wrapped(text: str) -> str:
    """The text in lines that fit the terminal; in one line where standard error is none."""
    width = columns()
    if not width:
        return text
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )


def columns() -> int:
    """The width to wrap at; 0 for not at all."""
    try:
        if not sys.stderr.isatty():
            return 0
        found = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 0
    return max(NARROW, min(found or WIDTH, WIDTH))

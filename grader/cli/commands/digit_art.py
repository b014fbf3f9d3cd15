"""Draws a digit of 28 x 28 in 14 lines of 28 characters, as well as the terminal can."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from grader.cli.terminal import Terminal
from grader.feedback.text import Line

UPPER_HALF = "▀"
SHADES, ASCII_SHADES = " ░▒▓█", " .:*#"
MANY_COLORS = {"256", "truecolor"}


def draw_digit(digit: np.ndarray, terminal: Terminal) -> Iterator[Line]:
    """The lines of a drawing: every pixel in its gray level where there are colors, else shades of two at a time.

    Args:
        digit: uint8 (28, 28), bright ink on black.
    """
    console = terminal.console
    if terminal.unicode and console.color_system in MANY_COLORS and not console.no_color:
        for upper, lower in zip(digit[::2].tolist(), digit[1::2].tolist(), strict=True):
            pairs = zip(upper, lower, strict=True)
            yield [(UPPER_HALF * len(list(equal)), gray_on_gray(*pair)) for pair, equal in groupby(pairs)]
        return
    shades = SHADES if terminal.unicode else ASCII_SHADES
    means = digit.reshape(14, 2, 28).mean(axis=1)
    for row in np.ceil(means / 255 * (len(shades) - 1)).astype(int):
        yield [("".join(shades[level] for level in row), "")]


def gray_on_gray(upper: int, lower: int) -> str:
    return f"rgb({upper},{upper},{upper}) on rgb({lower},{lower},{lower})"

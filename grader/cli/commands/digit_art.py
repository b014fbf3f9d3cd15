"""Draws a 28×28 digit in 14 lines of 28 characters, in as much detail as the terminal allows."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from grader.cli.terminal import Terminal
from grader.feedback.text import Line

UPPER_HALF = "▀"
SHADES, ASCII_SHADES = " ░▒▓█", " .:*#"
MANY_COLORS = {"256", "truecolor"}


def draw_digit(digit: np.ndarray, terminal: Terminal) -> Iterator[Line]:
    """The lines of a drawing: each pixel in its own gray level if there are colors, otherwise one shade per two pixels.

    Args:
        digit: uint8 (28, 28), bright ink on a black background.
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

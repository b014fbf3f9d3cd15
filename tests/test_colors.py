"""Every color is readable on a dark and on a light terminal."""

import pytest
from rich.color import Color, ColorType
from rich.style import Style
from test_cli import MISTAKES, SOLUTION, STUB, Workspace

from grader.cli.terminal import COLORS, FEW_COLORS, theme

LEAST = 3.8


def luminance(color: Color) -> float:
    """The relative luminance, 0 to 1, as WCAG defines it."""
    parts = [value / 255 for value in color.get_truecolor()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("name", ["good", "bad", "quiet", "name", "question", "curve", "title", "heading"])
def test_a_style_is_readable_on_black_and_on_white(name):
    style = theme(COLORS).styles[name]
    assert not style.dim
    assert style.bgcolor is None
    if style.color is not None:
        assert style.color.type == ColorType.EIGHT_BIT  # the first sixteen are whatever the terminal makes of them
        light = luminance(style.color)
        assert (light + 0.05) / 0.05 >= LEAST, f"{name} is too dark on black"
        assert 1.05 / (light + 0.05) >= LEAST, f"{name} is too faint on white"


def test_a_terminal_with_few_colors_gets_none_that_is_known_to_be_unreadable():
    unreadable = {"black", "blue", "white", "yellow", "bright_black", "bright_white", "bright_yellow"}
    for style in map(Style.parse, FEW_COLORS.values()):
        assert style.color.name not in unreadable
        assert not style.dim


@pytest.mark.parametrize("term", ["xterm-256color", "xterm", "linux"])
def test_no_command_prints_dim_text(tmp_path, term):
    (tmp_path / "exercises").mkdir()
    learner = Workspace(tmp_path)
    for held in (STUB, SOLUTION, MISTAKES / "divided-by-256.py"):
        learner.hold(held)
        for command in ((), ("next",), ("check", "pixels"), ("solution", "pixels", "--spoil", "--yes")):
            shown = learner.on_terminal(*command, TERM=term).out
            assert "\x1b[2m" not in shown
            assert "\x1b[2;" not in shown
            assert "\x1b[34m" not in shown

"""Draws the README's picture: a real check, as the terminal shows it."""

import re
from pathlib import Path

from rich.console import Console

FONT_DOWNLOADS = re.compile(r"""@font-face \{.*?\}""", re.DOTALL)


def save_svg(console: Console, title: str, path: Path) -> None:
    """Save what a recording console has printed as an SVG that loads no fonts from the web."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(FONT_DOWNLOADS.sub("", console.export_svg(title=title)), "utf-8")

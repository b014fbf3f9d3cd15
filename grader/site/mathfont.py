"""A font for formulas, because few phones have one whose roots and brackets grow."""

import logging
import re
from html import unescape
from importlib.metadata import distribution
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONT = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")  # its license, the OFL, is inside
MATH = re.compile(r"<math.*?</math>", re.DOTALL)
OTHERS = {"h": "ℎ", "∂": "𝜕", "ϵ": "𝜖", "ϑ": "𝜗", "ϰ": "𝜘", "ϕ": "𝜙", "ϱ": "𝜚", "ϖ": "𝜛"}  # not in alphabetical order
TAG = re.compile(r"<[^>]*>")


def write_font(site: Path) -> None:
    """Write the font with no more characters than the formulas of the site have."""
    pages = (path.read_text("utf-8") for path in sorted(site.rglob("*.html")))
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    used = {"√"} | {
        character for page in pages for math in MATH.findall(page) for character in unescape(TAG.sub("", math))
    }
    font = TTFont(FONT, recalcTimestamp=False)
    options = Options(name_IDs=["*"], layout_features=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(used | set(map(italic, used)))))
    subsetter.subset(font)
    font.flavor = "woff"
    font.save(site / "_static" / "math.woff")


def italic(letter: str) -> str:
    """What a browser draws for a single letter of a formula."""
    if letter in OTHERS:
        return OTHERS[letter]
    for first, begin in {"A": 0x1D434, "a": 0x1D44E, "Α": 0x1D6E2, "α": 0x1D6FC}.items():
        if 0 <= (place := ord(letter) - ord(first)) < (26 if first in "Aa" else 25):
            return chr(begin + place)
    return letter

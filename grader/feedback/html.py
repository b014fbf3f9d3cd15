"""Feedback as HTML: the result of a check for reports and notebooks, in the same words as in the terminal.

Styles are inline, because notebooks strip everything else. Text has the color of the page around it and every colored
word has its own background, so it is readable on light and dark pages. Text from a submission is escaped.
"""

import base64
import io
import math
import re
from html import escape
from unicodedata import category

from grader.feedback.text import MARKS, rows
from grader.figures import FIGURE
from grader.verdict import CheckResult, Picture

GOOD, BAD, QUIET, NAME = ("#0b4a1e", "#d5f0dc"), ("#7a1212", "#fbdcdc"), ("#3a3f44", "#e6e8ea"), ("#4a1a6b", "#eddcf7")
CHIPS = {"good": GOOD, "bad": BAD, "quiet": QUIET, "name": NAME}  # style: (color of the text, of its background)
EDGES = {"good": "#2f8f4e", "bad": "#c93c3c", "quiet": "#8a9097"}
WORDS = {"passed": "passed", "failed": "not yet", "not_attempted": "not written yet", "skipped": "skipped"}
NO_TEXT = {"Cc", "Cs"}  # control characters and unpaired surrogates
GRID = "display: grid; grid-template-columns: 6em minmax(0, 1fr); gap: 3px 10px; margin-top: 4px"
LABEL = "grid-column: 1; font-size: 85%; line-height: 1.76; opacity: 0.75"  # 1.76: on one line with its value
MONOSPACE = "font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 92%"
VALUE = re.compile(r"[-\d\[({'\"]|(None|True|False|NaN|nan|inf|u?int\d+|float\d+|bool)\b|[\w.]+[\[(]")  # its beginning
PICTURE_SIDE = 112  # screen pixels per side, rounded down to a whole number per picture pixel


def check_html(result: CheckResult) -> str:
    """One check as a block of HTML: its mark, title and points, the feedback, and its pictures."""
    mark, _, style = MARKS[result.outcome]
    word = WORDS.get(result.outcome, result.outcome.replace("_", " "))
    head = (
        f'<div style="overflow-wrap: anywhere">{_chip(f"{mark} {word}", style)} <b>{text_html(result.title)}</b> '
        f'<span style="white-space: nowrap">({result.points:g} of {result.max_points:g})</span></div>'
    )
    grid = "".join(_row(*row) for row in rows(result))
    said = f'<div style="{GRID}">{grid}</div>' if grid else ""
    shown = "".join(picture_html(picture) for picture in result.pictures)
    pictures = f'<div style="margin-top: 6px">{shown}</div>' if shown else ""
    box = f"margin: 10px 0; padding: 4px 0 4px 12px; border-left: 4px solid {EDGES[style]}; line-height: 1.5"
    return f'<div style="{box}; text-align: left">{head}{said}{pictures}</div>'


def picture_html(picture: Picture) -> str:
    """A picture with its title below it: black on white, except where a page inverts figures."""
    height, width = len(picture.values), max(map(len, picture.values), default=0)
    if not height or not width:
        return ""
    scale = max(1, PICTURE_SIDE // max(height, width))
    data = base64.b64encode(_png(picture, width, height, scale)).decode()
    title = text_html(picture.title)
    return (
        '<span style="display: inline-block; margin: 4px 12px 4px 0; vertical-align: top">'
        f'<img src="data:image/png;base64,{data}" alt="{title}: {height} by {width} pixels" '
        f'class="{FIGURE}" width="{width * scale}" height="{height * scale}" '
        'style="border: 1px solid #8a9097; display: block">'
        f"{title}</span>"
    )


def text_html(text: str) -> str:
    """Untrusted text, escaped for HTML."""
    return escape(visible(text))


def quiet_html(text: str) -> str:
    """Untrusted text that stands back."""
    return f'<span style="opacity: 0.7">{text_html(text)}</span>'


def visible(text: str) -> str:
    """Text without what pages and tables cannot hold: control characters and unpaired surrogates."""
    return "".join("\ufffd" if category(mark) in NO_TEXT and mark not in "\n\r\t" else mark for mark in text)


def _row(label: str, text: str, style: str) -> str:
    """A label and its value, in two cells of the grid; without a label, a value alone."""
    if not text:
        return ""
    if not label and style == "bad":  # what came of the call
        label, text = ("returned", text.removeprefix("returned ")) if text.startswith("returned ") else ("but it", text)
    place = "grid-column: 1 / -1" if style == "quiet" and not label else "grid-column: 2"
    shown = f'<div style="{LABEL}">{text_html(label)}</div> ' if label else ""
    return f'{shown}<div style="{place}; overflow-wrap: anywhere">{_value(label, text, style)}</div> '


def _value(label: str, text: str, style: str) -> str:
    if label == "printed":
        return f'<pre style="white-space: pre-wrap; margin: 0">{text_html(text)}</pre>'
    if style == "name":
        return _chip(text, style)
    is_code = label == "called" or (label in {"returned", "expected"} and VALUE.match(text))
    looks = [MONOSPACE] * bool(is_code) + ["white-space: pre-wrap"] * ("\n" in text)  # the rows of a small array
    look = f' style="{"; ".join(looks)}"' if looks else ""
    return f"<bdi{look}>{text_html(text)}</bdi>"


def _chip(text: str, style: str) -> str:
    color, background = CHIPS[style]
    look = f"color: {color}; background-color: {background}; padding: 1px 6px; border-radius: 4px; font-weight: bold"
    return f'<span style="{look}">{text_html(text)}</span>'


def _png(picture: Picture, width: int, height: int, scale: int) -> bytes:
    from PIL import Image  # imported here because most checks have no picture

    numbers = [value for row in picture.values for value in row if math.isfinite(value)]
    ink = max(numbers, default=0.0)
    image = Image.new("L", (width, height), 255)
    for y, row in enumerate(picture.values):
        for x, value in enumerate(row):
            share = value / ink if ink > 0 and math.isfinite(value) else 0.0
            image.putpixel((x, y), 255 - round(255 * min(max(share, 0.0), 1.0)))
    file = io.BytesIO()
    image.resize((width * scale, height * scale), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()

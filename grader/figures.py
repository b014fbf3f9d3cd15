"""Figures as they are drawn for a light page, and with light and dark exchanged for a dark one.

Hues stay as they are, so a blue curve is blue on both. In a notebook, the page's style sheet exchanges the colors; a
page that this module does not know shows the figure as drawn, on its own white background. For pages without a style
sheet of ours, `darkened` makes a second file.
"""

import base64
import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

FIGURE = "digits-figure"  # the class of the pictures that follow the page
DARK_PAGES = ('body[data-jp-theme-light="false"]', "body.vscode-dark")  # JupyterLab, Visual Studio Code
KEPT = 0.933  # white becomes #111, the background of JupyterLab's dark theme
INVERTED = f"filter: invert({KEPT}) hue-rotate(180deg)"
STYLE = f"<style>{', '.join(f'{page} img.{FIGURE}' for page in DARK_PAGES)} {{ {INVERTED}; }}</style>"
COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")
EMBEDDED = re.compile(r"(data:image/png;base64,)([^\"]+)")
HALF_TURN = (-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856)
SHARP = 2  # picture pixels per pixel of the page


class ShownFigure:
    """What IPython displays for a Matplotlib figure. The figure may be closed or changed afterward.

    Args:
        figure: a Matplotlib figure.
        title: what it is called where it cannot be seen.
    """

    def __init__(self, figure: "Figure", title: str) -> None:
        self._text, self._title = repr(figure), title
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=SHARP * figure.dpi, bbox_inches="tight", facecolor="white")
        self._png = file.getvalue()

    def html(self) -> str:
        width = int.from_bytes(self._png[16:20], "big") // SHARP  # in the header of every PNG
        data = base64.b64encode(self._png).decode()
        look = f'class="{FIGURE}" style="max-width: 100%" width="{width}"'
        return f'{STYLE}<img src="data:image/png;base64,{data}" alt="{escape(self._title)}" {look}>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str | bytes]:
        return {"text/plain": self._text, "text/html": self.html(), "image/png": self._png}


class ShownSvg:
    """What IPython displays for a picture that is SVG already. It moves where the picture does.

    Args:
        svg: the text of the file.
        title: what it is called where it cannot be seen.
    """

    def __init__(self, svg: str, title: str) -> None:
        self._svg, self._title = svg, title

    def html(self) -> str:
        data = base64.b64encode(self._svg.encode()).decode()
        look = f'class="{FIGURE}" style="max-width: 100%"'
        return f'{STYLE}<img src="data:image/svg+xml;base64,{data}" alt="{escape(self._title)}" {look}>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str | bytes]:
        return {"text/plain": self._title, "text/html": self.html()}


def darkened(svg: str) -> str:
    """An SVG for a dark page: its colors, and those of the pictures embedded in it, as `INVERTED` would show them."""
    inked = svg.replace("<svg ", '<svg fill="#000000" ', 1)  # what has no color of its own is black
    with_pictures = EMBEDDED.sub(lambda match: match[1] + _dark_png(match[2]), inked)
    return COLOR.sub(lambda match: _dark_color(match[0]), with_pictures)


def _dark_color(color: str) -> str:
    import numpy as np

    channels = np.array([[int(color[start : start + 2], 16) for start in (1, 3, 5)]])
    return "#{:02x}{:02x}{:02x}".format(*_exchanged(channels)[0])


def _dark_png(data: str) -> str:
    import numpy as np
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")
    pixels = np.array(picture)
    pixels[..., :3] = _exchanged(pixels[..., :3])
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def _exchanged(colors: "np.ndarray") -> "np.ndarray":
    """What CSS computes for `INVERTED`: uint8 (…, 3) from 0..255 (…, 3). The matrix is that of the Filter Effects
    Module's hueRotate, for an angle of 180 degrees."""
    import numpy as np

    inverted = KEPT - (2 * KEPT - 1) * (np.asarray(colors, dtype=float) / 255)
    return np.rint(255 * np.clip(inverted @ np.transpose(HALF_TURN), 0, 1)).astype(np.uint8)

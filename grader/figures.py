"""Figures in notebooks: as they are drawn on a light page, and with light and dark exchanged on a dark one.

Hues stay as they are, so a blue curve is blue on both. A page that this module does not know shows the figure as drawn,
on its own white background.
"""

import base64
import io
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE = "digits-figure"  # the class of the pictures that follow the page
DARK_PAGES = ('body[data-jp-theme-light="false"]', "body.vscode-dark")  # JupyterLab, Visual Studio Code
INVERTED = "filter: invert(0.933) hue-rotate(180deg)"  # white becomes #111, the background of JupyterLab's dark theme
STYLE = f"<style>{', '.join(f'{page} img.{FIGURE}' for page in DARK_PAGES)} {{ {INVERTED}; }}</style>"
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

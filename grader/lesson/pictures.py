"""Shows a lesson's pictures. While `digits dev lessons` runs, it also saves them, for light pages and for dark ones."""

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.figures import ShownFigure, ShownSvg, darkened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES_VARIABLE = "DIGITS_PICTURES"  # set by `digits dev lessons`: the folder to save pictures in


def show(figure: "Figure", name: str) -> None:
    """Show a figure in the notebook, light or dark as the page is.

    Args:
        figure: a Matplotlib figure. It is closed afterward.
        name: the picture's path in ``lessons/images`` without its ending, for instance ``"05_dense/curves"``.
    """
    import matplotlib.pyplot as plt

    if PICTURES_VARIABLE in os.environ:
        save(name, svg_of(figure, name), svg_of(figure, name, transparent=True))
    if "IPython" in sys.modules:
        from IPython.display import display

        display(ShownFigure(figure, name))
    plt.close(figure)


def show_svg(svg: str, name: str) -> None:
    """Show a picture that is SVG already, such as an animation. The arguments are those of `show`."""
    if PICTURES_VARIABLE in os.environ:
        save(name, svg, svg)
    if "IPython" in sys.modules:
        from IPython.display import display

        display(ShownSvg(svg, name))


def svg_of(figure: "Figure", name: str, transparent: bool = False) -> str:
    """A figure as SVG. The same drawing under the same name gives the same text."""
    import matplotlib.pyplot as plt

    file = io.StringIO()
    with plt.rc_context({"svg.hashsalt": name}):
        metadata = {"Date": None, "Creator": None}
        figure.savefig(file, format="svg", bbox_inches="tight", metadata=metadata, transparent=transparent)
    return file.getvalue()


def save(name: str, light: str, dark: str) -> None:
    """Write both variants of a picture. The dark one is darkened here; its paper may be transparent, for the page's."""
    path = Path(os.environ[PICTURES_VARIABLE]) / f"{name}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(light, "utf-8")
    path.with_stem(f"{path.stem}-dark").write_text(darkened(dark), "utf-8")

"""Figures in notebooks follow the page: what is white on a light page is dark on a dark one."""

import io
import sys

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import REPOSITORY
from PIL import Image

from grader.course import find_lesson
from grader.figures import FIGURE, ShownFigure
from grader.lesson import show
from grader.notebook.report import Report

PIXELS = find_lesson("pixels")
PAGE = '<body {body} style="margin: 0; background: {background}"><div style="padding: 8px">{html}</div></body>'
BLUE = "#0072B2"
LIGHT = ('data-jp-theme-light="true"', "#ffffff")
DARK = ('data-jp-theme-light="false"', "#111111")
DARK_EDITOR = ('class="vscode-dark"', "#111111")
UNKNOWN = ("", "#111111")


@pytest.fixture
def shown() -> ShownFigure:
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.plot([0, 1, 2], [1, 0, 2], color=BLUE, linewidth=12)
    axes.set_title("a <title>")
    drawn = ShownFigure(figure, 'with "quotes" & <marks>')
    plt.close(figure)
    return drawn


def test_it_is_a_picture_for_every_front_end(shown):
    bundle = shown._repr_mimebundle_()
    picture = Image.open(io.BytesIO(bundle["image/png"]))
    assert picture.getpixel((0, 0))[:3] == (255, 255, 255)  # readable where nobody inverts it
    assert bundle["text/plain"].startswith("<Figure size")
    assert f'width="{picture.width // 2}"' in bundle["text/html"]
    assert 'alt="with &quot;quotes&quot; &amp; &lt;marks&gt;"' in bundle["text/html"]


def test_show_displays_it_and_closes_the_figure(monkeypatch):
    displayed = []
    monkeypatch.setitem(sys.modules, "IPython", sys.modules.get("IPython") or __import__("IPython"))
    monkeypatch.setattr("IPython.display.display", displayed.append)
    figure, _ = plt.subplots()
    show(figure, "01_pixels/grid")
    assert isinstance(displayed[0], ShownFigure)
    assert not plt.fignum_exists(figure.number)


@pytest.mark.parametrize(
    ("page", "is_dark"),
    [(LIGHT, False), (DARK, True), (DARK_EDITOR, True), (UNKNOWN, False)],
    ids=["light", "dark", "dark-editor", "unknown"],
)
def test_paper_is_dark_and_text_light_on_a_dark_page_and_blue_stays_blue(browser, shown, page, is_dark):
    pixels = seen(browser, shown.html(), *page)
    brightness = pixels.mean(axis=2)
    assert (np.median(brightness) < 40) == is_dark
    assert (brightness.max() if is_dark else 255 - brightness.min()) > 200  # the text stands out
    red, green, blue = (pixels[..., channel].astype(int) for channel in range(3))
    is_blue = (blue > red + 60) & (blue > green + 20)
    assert is_blue.mean() > 0.02


def test_the_pictures_of_a_check_are_dark_on_a_dark_page(browser, grade):
    verdict = grade(PIXELS, REPOSITORY / "tests" / "mistakes" / "01_pixels" / "reshape-as-transpose.py")
    html = Report(PIXELS, "from a test", results=verdict.checks, verdict=verdict).html()
    assert html.count(FIGURE) >= 2
    light, dark = (seen(browser, html, *page, selector=f"img.{FIGURE}") for page in (LIGHT, DARK))
    assert light.mean() > 128 > dark.mean()


def seen(browser, html: str, body: str, background: str, selector: str = "img") -> np.ndarray:
    """The pixels of the first picture on a page, uint8 (height, width, 3)."""
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.set_content(PAGE.format(body=body, background=background, html=html))
    shot = page.locator(selector).first.screenshot()
    page.close()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))

"""Figures in notebooks follow the page: what is white on a light page is dark on a dark one."""

import base64
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
from grader.figures import FIGURE, INVERTED, ShownFigure, ShownSvg, darkened
from grader.lesson import drawing, show, show_svg
from grader.lesson.pictures import PICTURES_VARIABLE
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


def a_drawing() -> plt.Figure:
    """A curve, a picture and some text."""
    figure, (left, right) = drawing.panels(2, height=2, width=4)
    left.plot([0, 1, 2], [1, 0, 2], color=BLUE, linewidth=6)
    left.set_title("a title")
    drawing.image(right, np.linspace(-1, 1, 64).reshape(8, 8), cmap=drawing.SIGNED)
    return figure


def test_the_dark_file_looks_as_the_light_one_does_on_a_dark_page(browser, tmp_path, monkeypatch):
    monkeypatch.setenv(PICTURES_VARIABLE, str(tmp_path))
    show(a_drawing(), "01_pixels/both")
    light, dark = (tmp_path / "01_pixels" / f"both{variant}.svg" for variant in ("", "-dark"))
    inverted = f'<img style="{INVERTED}" src="data:image/svg+xml;base64,{base64_of(light)}">'
    plain = f'<img src="data:image/svg+xml;base64,{base64_of(dark)}">'
    wanted, found = (seen(browser, html, "", "#111111") for html in (inverted, plain))
    assert wanted.shape == found.shape
    assert np.median(found) < 40
    difference = np.abs(wanted.astype(int) - found)
    assert np.quantile(difference, 0.99) <= 12  # the edges of strokes are blended in another order
    assert difference.mean() < 1


def base64_of(path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def test_the_same_drawing_gives_the_same_files(tmp_path, monkeypatch):
    for name in ("first", "second"):
        monkeypatch.setenv(PICTURES_VARIABLE, str(tmp_path / name))
        show(a_drawing(), "01_pixels/again")
        path = np.array([[0.0, 0.0], [1.0, 1.0]])
        show_svg(drawing.moving(*with_axes(a_drawing(), path)), "01_pixels/moving")
    first, second = (sorted((tmp_path / name).rglob("*.svg")) for name in ("first", "second"))
    assert [path.name for path in first] == ["again-dark.svg", "again.svg", "moving-dark.svg", "moving.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def with_axes(figure, path):
    return figure, [(figure.axes[0], path, BLUE)]


def test_a_moving_dot_is_where_its_path_says(browser):
    figure, axes = drawing.panels(height=3, width=3)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.plot([0.2, 0.8], [0.3, 0.9], "s", color=drawing.GREEN, markersize=14)
    svg = drawing.moving(figure, [(axes, np.array([[0.2, 0.3], [0.8, 0.9]]), "#ff00ff")], seconds=10)
    for motion, moments in (("no-preference", (0, 7999, 9999)), ("reduce", (None,))):
        page = browser.new_page(viewport={"width": 400, "height": 400}, reduced_motion=motion)
        page.set_content(f'<body style="margin: 0">{svg[svg.index("<svg") :]}</body>')
        for moment in moments:
            running = page.evaluate(
                "moment => document.getAnimations().map(one => { one.pause(); one.currentTime = moment; }).length",
                moment,
            )
            assert running == (moment is not None)
            spots = centers(np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int))
            target = "first" if moment == 0 else "last"
            assert np.hypot(*(spots["dot"] - spots[target])) < 3, (motion, moment)
        page.close()


def centers(pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Where the magenta dot is, and the green squares at the two ends of its path; one of them is below the dot."""
    red, green, blue = (pixels[..., channel] for channel in range(3))
    dot = np.argwhere((red > 200) & (green < 90) & (blue > 200)).mean(axis=0)
    squares = np.argwhere((green > red + 60) & (green > blue + 20))
    lower = squares[:, 0] > np.mean([squares[:, 0].min(), squares[:, 0].max()])
    ends = {"first": squares[lower], "last": squares[~lower]}
    return {"dot": dot} | {name: (part.min(axis=0) + part.max(axis=0)) / 2 for name, part in ends.items()}


def test_a_moving_picture_is_shown_and_dark_on_a_dark_page(browser):
    path = np.array([[0.0, 0.0], [1.0, 1.0]])
    html = ShownSvg(drawing.moving(*with_axes(a_drawing(), path)), "a <title>").html()
    assert 'alt="a &lt;title&gt;"' in html
    light, dark = (seen(browser, html, *page) for page in (LIGHT, DARK))
    assert light.mean() > 200
    assert dark.mean() < 60


def test_text_without_a_color_of_its_own_is_light_in_the_dark():
    assert darkened("<svg ><text>x</text></svg>").startswith('<svg fill="#eeeeee"')


def seen(browser, html: str, body: str, background: str, selector: str = "img") -> np.ndarray:
    """The pixels of the first picture on a page, uint8 (height, width, 3)."""
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.set_content(PAGE.format(body=body, background=background, html=html))
    shot = page.locator(selector).first.screenshot()
    page.close()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))

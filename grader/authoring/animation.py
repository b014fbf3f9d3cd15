"""Films the README's animation: the page for drawing, while a 3 becomes an 8."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from scipy.interpolate import make_interp_spline

from grader.authoring.chromium import Point, chromium, on_paper, open_draw_page
from grader.draw.static import write_page

SIZE = {"width": 1040, "height": 500}
THREE = [(0.34, 0.27), (0.42, 0.19), (0.55, 0.18), (0.65, 0.27), (0.6, 0.41), (0.48, 0.48)]
THREE += [(0.62, 0.54), (0.68, 0.68), (0.58, 0.81), (0.44, 0.82), (0.33, 0.74)]
CLOSED_ABOVE = [(0.34, 0.27), (0.34, 0.36), (0.41, 0.43), (0.48, 0.48)]
CLOSED_BELOW = [(0.48, 0.48), (0.37, 0.56), (0.32, 0.66), (0.33, 0.74)]
STEPS = 3  # pictures for each piece of a stroke
FRAME, PAUSE = 90, 1800  # milliseconds
COLORS = 48


def film(target: Path) -> None:
    """Write the animation as a GIF that plays three times, with a pause after the 3 and after the 8."""
    shots, times = list[Image.Image](), list[int]()
    with TemporaryDirectory() as folder, chromium() as browser:
        write_page(Path(folder))
        page = open_draw_page(browser, (Path(folder) / "index.html").as_uri(), viewport=SIZE, color_scheme="light")

        def shoot(duration: int) -> None:
            shots.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
            times.append(duration)

        for stroke in (THREE, CLOSED_ABOVE, CLOSED_BELOW):
            places = on_paper(page, between(stroke))
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place)
                shoot(FRAME)
            page.mouse.up()
            shoot(PAUSE)
    palette = shots[-1].quantize(COLORS)
    first, *others = (shot.quantize(palette=palette, dither=Image.Dither.NONE) for shot in shots)
    first.save(target, save_all=True, append_images=others, duration=times, loop=2, optimize=True)


def between(points: list[Point]) -> list[Point]:
    """The points of a stroke, with more between them, on a smooth curve."""
    curve = make_interp_spline(range(len(points)), np.array(points))
    return [(float(x), float(y)) for x, y in curve(np.linspace(0, len(points) - 1, STEPS * (len(points) - 1) + 1))]

"""Measures the page for drawing: how soon it is ready, and how soon it answers a movement of the pen."""

import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.authoring.chromium import chromium, on_paper, open_draw_page
from grader.draw.bundle import PAGE
from grader.draw.course_networks import FAMILIAR, course_networks

if TYPE_CHECKING:
    from playwright.sync_api import Page

STARTS, MOVES = 5, 400
DIGITS = Path(sys.executable).with_name("digits")
ADDRESS = re.compile(r"http://\S+")
SPIRAL = """(count) => Array.from({ length: count }, (_, i) => {
    const turn = (i / count) * 6 * Math.PI;
    return [0.5 + 0.3 * Math.cos(turn) * (1 - i / count / 2), 0.5 + 0.35 * Math.sin(turn) * (1 - i / count / 2)];
})"""
WATCH = """() => {
    window.measured = [];
    let moved = 0;
    document.addEventListener("pointerrawupdate", (event) => (moved = event.timeStamp), { capture: true });
    document.addEventListener("digits-updated", () => window.measured.push(performance.now() - moved));
}"""

Figure = tuple[str, str]


def bench_draw() -> Iterator[Figure]:
    """From the command to the page, from the pen to the bars, and the size of everything."""
    with TemporaryDirectory() as folder:
        yield "digits draw, command to page", spread([ready(Path(folder)) for _ in range(STARTS)], 1000, "ms")
        with served(Path(folder)) as address:
            yield "pen movement to updated bars, the capstone's network", percentiles(latencies(address, False))
            yield "the same, with feature maps", percentiles(latencies(address, True))
    files = [path for path in PAGE.iterdir() if path.suffix != ".md"]
    sizes = [path.stat().st_size for path in (*files, FAMILIAR, *(network.path for network in course_networks()))]
    yield "page, module and networks together", f"{sum(sizes) / 1000:.0f} kB"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A running `digits draw`, by its address."""
    with subprocess.Popen([DIGITS, "draw", "--no-browser"], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield next(found[0] for line in process.stdout if (found := ADDRESS.search(line)))
        finally:
            process.send_signal(signal.SIGINT)


def ready(folder: Path) -> float:
    """Seconds from the command until the page has been sent."""
    began = time.perf_counter()
    with served(folder) as address:
        urllib.request.urlopen(address, timeout=60).read()
        return time.perf_counter() - began


def latencies(address: str, with_maps: bool) -> list[float]:
    """Milliseconds from each movement of the pen until the bars are updated, in a real browser."""
    with chromium() as browser:
        page = open_draw_page(browser, address, viewport={"width": 1280, "height": 900})
        if with_maps:
            page.get_by_text("Inside: how each layer responds (network 1)").click()
        draw_spiral(page)  # the first strokes are slow: the browser compiles what runs often
        page.evaluate(WATCH)
        draw_spiral(page)
        measured: list[float] = page.evaluate("window.measured")
        return measured


def draw_spiral(page: "Page") -> None:
    page.get_by_role("button", name="Clear").click()
    page.evaluate("window.scrollTo(0, 0)")
    places = on_paper(page, page.evaluate(SPIRAL, MOVES))
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places:
        page.mouse.move(*place)
    page.mouse.up()


def percentiles(measured: list[float]) -> str:
    ordered = sorted(measured)
    middle, high = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    return f"median {middle:.1f} ms, 95th percentile {high:.1f} ms ({len(ordered)} movements)"


def spread(values: list[float], factor: float, unit: str) -> str:
    return f"median {factor * statistics.median(values):.0f} {unit}, slowest {factor * max(values):.0f} {unit}"

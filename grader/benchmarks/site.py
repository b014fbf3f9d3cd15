"""Measures the site: how long it takes to build, how large its first page is, and how soon that page reads a digit."""

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.authoring.chromium import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VISITS, WIDTHS = 10, (390, 1280)
BYTES = 1000  # in a kilobyte
DIGITS = Path(sys.executable).with_name("digits")
PAPER, ANSWER = ".digits-paper canvas", ".digits-row.is-best"
PEN = "Space", "ArrowDown", "ArrowDown", "ArrowDown"  # put down and moved: a short stroke

Figure = tuple[str, str]


def bench_site() -> Iterator[Figure]:
    """Build it, then open its first page from loopback, each time in a browser that has not seen it."""
    with TemporaryDirectory(prefix="digits-site-") as place:
        folder = Path(place, "site")
        began = time.perf_counter()
        subprocess.run([DIGITS, "dev", "site", folder], check=True, stdout=subprocess.DEVNULL)
        yield "digits dev site, all pages", f"{time.perf_counter() - began:.0f} s"
        with serving(folder) as address, chromium() as browser:
            yield "first page, with all that it loads", f"{size(browser, address) / BYTES:.0f} kB"
            for width in WIDTHS:
                seconds = [visit(browser, address, width) for _ in range(VISITS)]
                told = f"median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s ({VISITS} visits)"
                yield f"first page at {width} px, from its address to a stroke that is read", told


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server of the files in a folder, by its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


def size(browser: "Browser", address: str) -> int:
    """Bytes of all answers until the page asks for nothing more."""
    sizes: list[int] = []
    with browser.new_page() as page:
        page.on("response", lambda answer: sizes.append(len(answer.body())))
        page.goto(address, wait_until="networkidle")
    return sum(sizes)


def visit(browser: "Browser", address: str, width: int) -> float:
    """Seconds until the page has read a stroke that was drawn with the keyboard as soon as there was paper."""
    with browser.new_page(viewport={"width": width, "height": 900}) as page:
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(PAPER).focus()
        for key in PEN:
            page.keyboard.press(key)
        page.locator(ANSWER).first.wait_for()
        return time.perf_counter() - began

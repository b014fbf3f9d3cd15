"""A real browser for what maintainers draw and measure: the machine's own Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.course import CourseError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
Point = tuple[float, float]


@contextmanager
def chromium() -> Iterator["Browser"]:
    """The browser, until the block ends.

    Raises:
        CourseError: this machine has none.
    """
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise CourseError("This needs Chromium, and there is none on this machine. On Debian: apt-get install chromium")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path, args=FLAGS) as browser:
        yield browser


def open_draw_page(browser: "Browser", address: str, **options: object) -> "Page":
    """The page for drawing, with both networks loaded."""
    page = browser.new_page(**options)  # type: ignore[arg-type]
    page.goto(address)
    page.locator(".digits-note").nth(1).filter(has_text="test digits").wait_for()
    return page


def on_paper(page: "Page", points: list[Point]) -> list[Point]:
    """Where points of the paper, in 0..1, are on the page."""
    box = page.locator(".digits-paper canvas").bounding_box()
    assert box
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]

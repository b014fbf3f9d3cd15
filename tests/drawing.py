"""A running `digits draw`, and a hand that draws on its page."""

import re
import signal
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect
from servers import start

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]{32}/")
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.62, 0.45), (0.5, 0.8))
SOON = 60  # seconds until a test that hangs fails instead

# What the page's policy refuses, by its own name.
REFUSED = """(what) => new Promise((resolve) => {
    addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
    if (what === "connect-src") fetch("http://elsewhere.invalid/").catch(() => {});
    else if (what === "img-src") new Image().src = "http://elsewhere.invalid/";
    else document.head.append(Object.assign(document.createElement("script"), { textContent: "1" }));
    setTimeout(() => resolve("nothing was refused"), 5000);
})"""


class Draw:
    """A running `digits draw` in a learner's folder."""

    def __init__(self, folder: Path, option: str = "--no-browser", **variables: str) -> None:
        self.folder = folder
        self.process, self.printed, self.address = start(["draw", option], folder, ADDRESS, **variables)

    def ask(self, path: str, body: bytes | None = None, method: str | None = None, **headers: str) -> tuple[int, str]:
        """The status and the text of an answer; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, body, named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=SOON) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self, number: int = signal.SIGINT) -> str:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=SOON)
        return self.printed + rest


def open_page(browser, address: str, problems: list[str], **options) -> Page:
    """The page, loaded. Problems are requests to other places, and errors that it prints."""
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}} | options)
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: check_place(request.url, address, problems))
    page.goto(address)
    until_loaded(page)
    return page


def check_place(url: str, address: str, problems: list[str]) -> None:
    if not url.startswith((address.removesuffix("index.html"), "data:", "blob:")):
        problems.append(f"asked {url}")


def until_loaded(page) -> None:
    expect(page.locator(".digits-note").nth(1)).to_have_text(re.compile("test digits"), timeout=1000 * SOON)


def stroke(page, points=SEVEN, steps=10) -> None:
    """Draw with the mouse, through points in 0..1 of the paper."""
    paper = page.locator(".digits-paper canvas")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=steps)
    page.mouse.up()


def answer(page, side=0) -> str:
    return page.locator(".digits-answer").nth(side).inner_text()


def open_part(page, title: str):
    """Open one of the parts below the paper."""
    part = page.locator("details.digits-section", has=page.get_by_text(title, exact=True))
    if not part.evaluate("(one) => one.open"):
        part.locator("summary").first.click()
    return part

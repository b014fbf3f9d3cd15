"""A real browser for the tests: Debian's Chromium, driven by Playwright, which then has nothing to download."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from debian import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = (
    "--no-sandbox",  # whose namespaces root does not get; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, which is installed from Debian where it is missing and may be installed."""
    path = program("chromium", "chromium", "chromium-browser", "google-chrome")
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["Browser"]:
    """A browser with a profile of its own.

    It ends with the module, because Playwright's event loop keeps other tests of the same thread from running theirs.
    """
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=FLAGS) as launched,
    ):
        yield launched

"""A real browser for the tests: Debian's Chromium, driven by Playwright, which then has nothing to download."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # whose namespaces root does not get; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_FOR_OTHERS = "-oDPkg::Lock::Timeout=300"  # a test worker beside this one may be installing, too


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, which is installed from Debian where it is missing and may be installed."""
    path = _find()
    if path is None and shutil.which("apt-get") and os.geteuid() == 0:
        _apt_get("update")
        _apt_get("install", "-y", "--no-install-recommends", "chromium")
        path = _find()
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


def _find() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _apt_get(*arguments: str) -> None:
    subprocess.run(
        ["apt-get", WAIT_FOR_OTHERS, *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )

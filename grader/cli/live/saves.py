"""Notices that files in a folder are saved, however the editor does that."""

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

STEP, DEBOUNCE = 15, 60  # milliseconds: how often to look for more changes, and for how long at most
ANYHOW = 1000  # milliseconds after which to look at the files, told or not: not every file system tells


def notice_saves(folder: Path, on_change: Callable[[], None]) -> None:
    """Call ``on_change`` from a thread of its own when anything in a folder may have changed, until the program ends.

    The folder is watched, not a file, for many editors save by putting another file in the place of the first. It may
    itself disappear and come back; where a system can watch nothing, it is looked at every second.
    """

    def wait() -> None:
        pause = threading.Event()
        while True:
            try:
                identity = folder.stat().st_ino
                for _ in watch(
                    folder,
                    watch_filter=None,
                    step=STEP,
                    debounce=DEBOUNCE,
                    rust_timeout=ANYHOW,
                    yield_on_timeout=True,
                    recursive=False,
                    raise_interrupt=False,
                ):
                    on_change()
                    if folder.stat().st_ino != identity:
                        break
            except (OSError, RuntimeError):  # it is not there, or cannot be watched
                on_change()
                pause.wait(ANYHOW / 1000)
            on_change()

    threading.Thread(target=wait, daemon=True, name="saves").start()

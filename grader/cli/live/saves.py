"""Notices when files in a folder are saved, whatever way the editor does it."""

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

STEP, DEBOUNCE = 15, 60  # milliseconds: how often to look for more changes, and for how long at most
POLL = 1000  # milliseconds after which to look at the files anyway: not every file system reports changes


def notice_saves(folder: Path, on_change: Callable[[], None]) -> None:
    """Call ``on_change`` from a thread whenever something in a folder may have changed, until the program ends.

    The folder is watched instead of a file because many editors save by replacing the file. The folder itself may
    disappear and come back. If the system cannot watch it, it is polled every second.
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
                    rust_timeout=POLL,
                    yield_on_timeout=True,
                    recursive=False,
                    raise_interrupt=False,
                ):
                    on_change()
                    if folder.stat().st_ino != identity:
                        break
            except (OSError, RuntimeError):  # it does not exist, or cannot be watched
                on_change()
                pause.wait(POLL / 1000)
            on_change()

    threading.Thread(target=wait, daemon=True, name="saves").start()

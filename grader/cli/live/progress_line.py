"""One progress line on the terminal while something takes a while."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.cli.terminal import Terminal
from grader.feedback.text import training_share

PATIENCE = 0.5  # seconds before anything is shown


class Progress:
    """Redraws a line that shows the current step, its progress, and the elapsed time."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._started = terminal, time.monotonic()
        self._what, self._detail = "", ""
        self._share: float | None = None
        self._lock, self._shown = threading.Lock(), False

    def begin(self, what: str) -> None:
        """Start a new step."""
        with self._lock:
            self._started, self._what, self._share, self._detail = time.monotonic(), what, None, ""

    def training(self, figures: dict[str, Any]) -> None:
        """Take a progress report of the runner as it is, for display only."""
        with self._lock:
            self._detail = f"epoch {int(figures.get('epoch', 0)) + 1} of {int(figures.get('epochs', 0))}"
            self._share = training_share(figures)

    def clear(self) -> None:
        """Remove the line so that something else can be printed."""
        with self._lock:
            if self._shown:
                self._terminal.console.file.write("\r\x1b[2K")
                self._terminal.console.file.flush()
                self._shown = False

    def draw(self) -> None:
        with self._lock:
            elapsed = time.monotonic() - self._started
            if elapsed < PATIENCE or not self._what:
                return
            full, empty = ("━", "─") if self._terminal.unicode else ("#", "-")
            bar = ""
            if self._share is not None:
                done = round(20 * self._share)
                bar = full * done + empty * (20 - done) + " "
            text = f"   {bar}{self._detail}{' · ' if self._detail else ''}{elapsed:.0f} s · {self._what}"
            self._terminal.console.file.write("\r\x1b[2K" + self._terminal.plain(text)[: self._terminal.width - 1])
            self._terminal.console.file.flush()
            self._shown = True


@contextmanager
def progress(terminal: Terminal, is_shown: bool = True) -> Iterator[Progress]:
    """Show progress while the block runs, on a terminal only. A debugger needs the line for its prompt: not shown."""
    shown = Progress(terminal)
    if not (is_shown and terminal.console.is_terminal):
        yield shown
        return
    stop = threading.Event()

    def redraw() -> None:
        while not stop.wait(0.1):
            shown.draw()

    thread = threading.Thread(target=redraw, daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        stop.set()
        thread.join()
        shown.clear()

"""Shows a page on a real terminal: the screen, the keyboard, and the signals that affect them."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType

from grader.cli.live.keys import Keyboard
from grader.cli.live.page import Page
from grader.cli.live.screen import Screen
from grader.cli.terminal import Terminal

Task = Callable[[], None]


class Display:
    """A context manager: inside it, the terminal shows one page and sends keys one at a time.

    The terminal's own state comes back on every way out, after an exception or SIGTERM too. Ctrl-Z leaves the page and
    `fg` returns to it.

    Args:
        do: passes a task to the thread that draws.
        on_key: what to do about a key, in that thread.
    """

    has_keys = True

    def __init__(self, terminal: Terminal, do: Callable[[Task], None], on_key: Callable[[str], None]) -> None:
        self._terminal, self._do = terminal, do
        self._screen = Screen(terminal)
        self._keyboard = Keyboard(lambda key: do(lambda: on_key(key)))
        self._handlers = {
            signal.SIGTERM: self._terminate,
            signal.SIGTSTP: lambda *_: do(self._suspend),
            signal.SIGWINCH: lambda *_: do(lambda: None),  # the page is drawn again after every task
        }

    def draw(self, page: Page) -> None:
        columns, rows = self._screen.size
        self._screen.draw(page.lines(columns, rows, self._terminal.unicode))

    def lend(self, task: Task) -> None:
        """Let another program have the terminal while a task runs, then take it back."""
        self._close()
        try:
            task()
        finally:
            self._open()

    def __enter__(self) -> "Display":
        self._open()
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    def _open(self) -> None:
        self._opened = ExitStack()
        with ExitStack() as stack:
            for number, handler in self._handlers.items():
                stack.callback(signal.signal, number, signal.signal(number, handler))
            self._keyboard.open()
            stack.callback(self._keyboard.close)
            stack.callback(self._screen.close)
            self._screen.open()
            self._opened = stack.pop_all()

    def _close(self) -> None:
        """Restore the terminal. Signals that would end the program wait until that is done."""
        blocked_before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            self._opened.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked_before)

    def _suspend(self) -> None:
        self._close()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._open()

    @staticmethod
    def _terminate(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

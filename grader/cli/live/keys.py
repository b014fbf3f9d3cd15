"""Reads single keys from the terminal, without Enter and without echo."""

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Callable

ARROWS = {
    b"\x1b[C": "n",
    b"\x1bOC": "n",
    b"\x1b[D": "p",
    b"\x1bOD": "p",
}  # right and left, each with its two escape sequences
END = "q"  # sent when the terminal has closed


class Keyboard:
    """While open, passes every key to ``on_key`` from its own thread. Ctrl-C and ctrl-Z still send signals.

    Closing it restores the terminal's settings.
    """

    def __init__(self, on_key: Callable[[str], None]) -> None:
        self._on_key, self._descriptor = on_key, sys.stdin.fileno()

    def open(self) -> None:
        self._before = termios.tcgetattr(self._descriptor)
        self._closing, self._close = os.pipe()
        self._thread = threading.Thread(target=self._read, daemon=True, name="keys")
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)
        self._thread.start()

    def close(self) -> None:
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
        os.close(self._close)  # wakes the thread
        self._thread.join()
        os.close(self._closing)

    def _read(self) -> None:
        while True:
            readable, _, _ = select.select([self._descriptor, self._closing], [], [])
            if self._closing in readable:
                return
            try:
                typed = os.read(self._descriptor, 64)
            except OSError:
                typed = b""
            for key in keys(typed) if typed else [END]:
                self._on_key(key)
            if not typed:
                return


def keys(typed: bytes) -> list[str]:
    """The keys in one chunk of input. Escape sequences other than the arrow keys are ignored."""
    if typed.startswith(b"\x1b"):
        return [ARROWS[typed]] if typed in ARROWS else []
    return list(typed.decode("utf-8", "ignore").lower())

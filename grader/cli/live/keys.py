"""Reads single keys from the terminal, without Enter and without echo."""

import os
import re
import select
import sys
import termios
import threading
import tty
from collections.abc import Callable

SEQUENCES = {  # what follows the escape character, after "[" or "O"
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "H": "home",
    "F": "end",
    "1~": "home",
    "4~": "end",
    "5~": "page up",
    "6~": "page down",
    "7~": "home",
    "8~": "end",
}
NAMED = {"\x1b": "escape", "\n": "enter", "\r": "enter", "\x7f": "backspace", "\b": "backspace", " ": "space"}
KEY = re.compile(r"\x1b[\[O]([\d;]*[^\d;])|(.)", re.DOTALL)
UNFINISHED = re.compile(rb"\x1b([\[O][\d;]*)?\Z")
REST = 0.05  # seconds in which the rest of an escape sequence arrives
CLOSED = "q"  # sent when the terminal has closed


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
            typed = self._typed()
            for key in keys(typed) if typed else [CLOSED]:
                self._on_key(key)
            if not typed:
                return

    def _typed(self) -> bytes:
        """What was typed, with the rest of an escape sequence that arrives in parts; nothing if the terminal closed."""
        try:
            typed = os.read(self._descriptor, 64)
            while UNFINISHED.search(typed) and select.select([self._descriptor], [], [], REST)[0]:
                more = os.read(self._descriptor, 64)
                if not more:
                    break
                typed += more
        except OSError:
            return b""
        return typed


def keys(typed: bytes) -> list[str]:
    """The keys in a chunk of input: lowercase characters, and names such as "up". Unknown sequences are ignored."""
    found = []
    for sequence, character in KEY.findall(typed.decode("utf-8", "ignore")):
        found.append(SEQUENCES.get(sequence, "") if sequence else NAMED.get(character, character.lower()))
    return [key for key in found if key]

"""What is shown while packages are installed: one line that lives on a terminal, elsewhere a plain line per stage."""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from grader.launcher.place import DEBUG, say, terminal_width

RESOLVED = re.compile(r"Resolved (\d+) package")
FETCHING = re.compile(r"(?:Downloading|Collecting) (?:\S*/)?([\w.]+(?=-\d)|[\w.-]+)\S*(?: \(([\d.]+) ?([kKMG])i?B\))?")
FETCHED = re.compile(r"Downloaded ([\w.-]+)")
PREPARED = re.compile(r"Prepared \d+ package")
UNPACKING = "Installing collected packages:"  # pip's last word before it copies files for minutes
MEGABYTES = {"k": 1 / 1024, "K": 1 / 1024, "M": 1, "G": 1024}


class Progress:
    """Follows the words of uv or pip and says how far they are. Without colors."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.text = ""
        self.is_live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not DEBUG
        self.frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" if "utf" in (sys.stderr.encoding or "").lower() else "|/-\\"
        self.follows = True
        self.packages = 0
        self.sizes: dict[str, float] = {}  # of the larger packages, in megabytes: nobody names the small ones
        self.fetched: set[str] = set()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def stage(self, text: str) -> None:
        self.text = text
        if not self.is_live:
            say(text)

    def draw(self) -> None:
        if self.is_live:
            minutes, seconds = divmod(int(self.seconds), 60)
            frame = self.frames[int(self.seconds * 10) % len(self.frames)]
            self._write(f"{frame} {minutes}:{seconds:02}  {self.text}")

    def clear(self) -> None:
        if self.is_live:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, line: str) -> None:
        width = terminal_width() - 1
        sys.stderr.write("\r" + line[:width].ljust(width))
        sys.stderr.flush()

    @contextmanager
    def unfollowed(self) -> Iterator[None]:
        """While something runs whose words are of no interest."""
        self.follows = False
        try:
            yield
        finally:
            self.follows = True

    def follow(self, line: str) -> None:
        """Take from a line of the installer's output what it is busy with."""
        if DEBUG:
            sys.stderr.write(line + "\n")
        if not self.follows:
            return
        if found := RESOLVED.search(line):
            self.packages = int(found[1])
            self.text = f"{self.packages} packages to fetch."
        elif found := FETCHED.search(line):
            self.fetched.add(found[1].lower())
            self.text = self._fetching()
        elif PREPARED.search(line):
            self.stage("Installing the packages.")
        elif line.startswith(UNPACKING):
            self.stage(f"Installing {count(line.count(',') + 1)}.")
        elif found := FETCHING.search(line):
            self.sizes[found[1].lower()] = float(found[2] or 0) * MEGABYTES.get(found[3], 0)
            self.text = self._fetching() if self.packages else line.strip()

    def _fetching(self) -> str:
        """The largest package that is still on its way, and how much of all is here."""
        missing = {name: size for name, size in self.sizes.items() if name not in self.fetched}
        here = sum(size for name, size in self.sizes.items() if name in self.fetched)
        largest = max(missing, key=lambda name: missing[name], default="")
        now = f": {largest}, {missing[largest]:.0f} MB" if largest else ""
        return f"Fetching {self.packages} packages, {here:.0f} of {sum(self.sizes.values()):.0f} MB{now}"


def count(packages: int) -> str:
    return "1 package" if packages == 1 else f"{packages} packages"

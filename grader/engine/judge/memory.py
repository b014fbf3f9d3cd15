"""Watches how much memory a runner and all that it has started use together, and ends it when that is too much.

The kernel limits each process; this limits the tree. It looks ten times a second at the counters that the kernel keeps
anyway, and only when those pass the limit does it ask for the exact figure, which divides shared pages among their
users.

It also ends a runner that has started too many threads. The kernel refuses those too, but not to root, and for an
ordinary user it counts everything that this user runs; a runner cannot become another user everywhere.
"""

import os
import signal
import threading
from itertools import islice
from pathlib import Path
from typing import Literal

from grader.engine.judge.processors import descendants, usage
from grader.engine.wire.accounts import Usage

MEBIBYTE = 1024 * 1024
LIMITS = {"numpy": 1024 * MEBIBYTE, "tensorflow": 2048 * MEBIBYTE}
MOST_THREADS = 600  # more than `limits.THREADS`, so that the kernel refuses first where it may
SECONDS_BETWEEN_LOOKS = 0.1


class MemoryWatch:
    """Watches one runner until it is stopped or the runner is gone. Without /proc it sees nothing and does nothing.

    Process ids are reused, so the runner is identified by its id and the time of its start.

    Attributes:
        limit: bytes that the runner and all that it has started may use together.
        peak: bytes that they have used at most.
        exceeded: which limit they passed, and were killed for.
        usage: what they had had of the processors at the last look.
    """

    def __init__(self, pid: int, limit: int) -> None:
        self._pid, self.limit = pid, limit
        self._born = born(pid)
        self._stop = threading.Event()
        self.peak = 0
        self.usage = Usage()
        self.exceeded: Literal["memory", "threads"] | None = None
        threading.Thread(target=self._watch, daemon=True, name=f"memory of {pid}").start()

    def look(self) -> Usage:
        """What the runner and all that it has started have had of the processors so far."""
        now = usage(self._pid)
        if self._born is not None and born(self._pid) == self._born:
            self.usage = now.at_least(self.usage)
        return self.usage

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(SECONDS_BETWEEN_LOOKS):
            processes = list(islice(descendants(self._pid), MOST_THREADS + 1))
            used = sum(map(resident, processes))
            if used > self.limit:
                used = sum(map(proportional, processes))
            if self._born is None or born(self._pid) != self._born:
                return
            self.peak = max(self.peak, used)
            self.look()
            too_many = sum(map(threads, processes)) > MOST_THREADS
            if (too_many or used > self.limit) and not self._stop.is_set():
                self.exceeded = "threads" if too_many else "memory"
                os.kill(self._pid, signal.SIGKILL)
                return


def born(pid: int) -> str | None:
    """When a process was started, in ticks of the kernel's clock; None if there is no such process."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return status.rpartition(")")[2].split()[19]  # after its name, in which there may be anything


def threads(pid: int) -> int:
    """How many threads a process has; 0 if it has ended."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def resident(pid: int) -> int:
    """Bytes of anonymous and shared memory of a process; pages that it shares with its parent are counted in full."""
    try:
        return _sum_of(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:", "VmSwap:"))
    except OSError:  # it has ended
        return 0


def proportional(pid: int) -> int:
    """Bytes of a process with every shared page divided by the number of processes that share it; all of its pages in
    full where the kernel does not tell that, because the process does not want to be looked at for instance."""
    try:
        return _sum_of(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:", "SwapPss:"))
    except OSError:
        return resident(pid)


def _sum_of(path: str, names: tuple[str, ...]) -> int:
    lines = Path(path).read_text().splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(names))

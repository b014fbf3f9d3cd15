"""Watches how much memory a runner and all that it has started use together, and ends it when that is too much.

The kernel limits each process; this limits the tree. It looks ten times a second at the counters that the kernel keeps
anyway, and only when those come near the limit asks for the exact figure, which divides shared pages among their users.
"""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

MEBIBYTE = 1024 * 1024
LIMITS = {"numpy": 1024 * MEBIBYTE, "tensorflow": 2048 * MEBIBYTE}
SECONDS_BETWEEN_LOOKS = 0.1


class MemoryWatch:
    """Looks after one runner until it is stopped. On a system without /proc it sees nothing and does nothing."""

    def __init__(self, pid: int, limit: int) -> None:
        self._pid, self.limit = pid, limit
        self._stop = threading.Event()
        self.peak = 0
        self.exceeded = False
        threading.Thread(target=self._watch, daemon=True, name=f"memory of {pid}").start()

    def stop(self) -> None:
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(SECONDS_BETWEEN_LOOKS):
            used = sum(resident(pid) for pid in descendants(self._pid))
            if used > self.limit:
                used = sum(proportional(pid) for pid in descendants(self._pid))
            self.peak = max(self.peak, used)
            if used > self.limit and not self._stop.is_set():
                self.exceeded = True
                os.kill(self._pid, signal.SIGKILL)
                return


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it has started, directly or not."""
    yield pid
    try:
        children = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return
    for child in " ".join(children).split():
        yield from descendants(int(child))


def resident(pid: int) -> int:
    """Bytes of anonymous and shared memory of a process; pages that it shares with its parent are counted in full."""
    return _sum_of(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:", "VmSwap:"))


def proportional(pid: int) -> int:
    """Bytes of a process with every shared page divided by the number of those who share it."""
    return _sum_of(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:", "SwapPss:"))


def _sum_of(path: str, names: tuple[str, ...]) -> int:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(names))

"""How long a submission has had: the time for which it ran or slept, without that for which it waited for a processor.

A machine may be busy with other things, with a classmate's sixty processes for instance. So a limit counts what a
runner and all that it has started have used of the processors, and what they slept, but not what they waited for one.
Where the kernel does not say how long that was, it counts as time that passed.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.engine.judge.memory import descendants

TICK = 1 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.01  # seconds
NANOSECOND = 1e-9
SHORTEST_WAIT = 0.05  # seconds between two looks at a runner whose time is nearly over
LEAST_STRETCH, MOST_STRETCH = 4, 20  # how many times a limit may pass on the wall before the runner is ended


@dataclass(frozen=True)
class Usage:
    """What a runner and all that it has started have had so far, in seconds."""

    processor: float = 0.0
    waiting: float = 0.0  # for a processor, ready to run; summed over all threads

    def since(self, before: "Usage") -> "Usage":
        """The part of it that came after an earlier look. Of what has ended in between, some is not known any more."""
        return Usage(max(0.0, self.processor - before.processor), max(0.0, self.waiting - before.waiting))


def usage(pid: int) -> Usage:
    """Look at a runner now; nothing but zeros where there is no /proc, or no such process."""
    processor = waiting = 0.0
    for process in descendants(pid):
        processor += _processor(process)
        waiting += _waiting(process)
    return Usage(processor, waiting)


def charged(passed: float, had: Usage) -> float:
    """The seconds that count of those that have passed: all but those for which the runner waited for a processor, and
    at least those for which it had one. However many threads wait or compute, no more than have passed."""
    return min(passed, max(had.processor, passed - had.waiting))


class Budget:
    """The seconds that all calls of a submission may have together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.used = 0.0

    @property
    def is_spent(self) -> bool:
        """True when no call may follow."""
        return self.used >= self.seconds


class Stopwatch:
    """Measures one call against its own limit and against the budget of all calls.

    Args:
        before: what the runner has had when the call begins, as far as that is known without a look at it.
        look: says what it has had so far.
        seconds: the limit of the call.
        budget: of all calls; what this one takes is added to it by `stop`.
    """

    def __init__(self, before: Usage, look: Callable[[], Usage], seconds: float, budget: Budget) -> None:
        self._look, self._budget = look, budget
        self.is_total = budget.seconds - budget.used <= seconds
        self.limit = min(seconds, max(0.0, budget.seconds - budget.used))
        self.seconds = budget.seconds if self.is_total else seconds  # of the limit that is passed first, for a message
        self._before, self._started = before, time.monotonic()
        self.had = Usage()
        self._left = self.limit

    def left(self) -> float:
        """How many more seconds the runner has at least; 0 or less when its time is over.

        The longer it has had to wait, the more time may pass in all, but not without end.
        """
        passed = time.monotonic() - self._started
        if passed >= self.limit:  # before that, nobody needs to know
            self.had = self._look().since(self._before)
            self._left = self.limit - charged(passed, self.had)
            left_of_all = self.limit * stretch() - passed
            return min(max(self._left, SHORTEST_WAIT), left_of_all) if self._left > 0 else 0.0
        return self.limit - passed

    def stop(self) -> None:
        """The call is over: what it took is charged to the budget."""
        passed = time.monotonic() - self._started
        if passed > self.limit / 10:  # short calls are not worth the look
            self.had = self._look().since(self._before)
            passed = charged(passed, self.had)
        self._budget.used += passed

    @property
    def was_starved(self) -> bool:
        """True when time ran out on the wall alone: the runner did not get what it may use."""
        return self._left > 0


def stretch() -> float:
    """How many times a limit may pass on the wall: more where more processes compete for each processor."""
    try:
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
    except OSError:
        load = 0.0
    return min(MOST_STRETCH, max(LEAST_STRETCH, 2 * load))


def _processor(pid: int) -> float:
    """Seconds of processor time of a process and of all its ended children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) * TICK  # in user mode and in the kernel, of itself and of its children


def _waiting(pid: int) -> float:
    """Seconds for which the threads of a process have waited for a processor."""
    total = 0
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        pass  # it has ended, or the kernel does not count
    return total * NANOSECOND

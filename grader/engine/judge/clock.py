"""How long a submission has had: the time for which it ran or slept, without that for which it waited for a processor.

A machine may be busy with other things, with a classmate's sixty threads for instance. So a limit counts what a
runner and all that it has started have used of the processors, and what they slept, but not what they waited for one.
Where the kernel does not say how long that was, it counts as time that passed.
"""

import math
import os
import time
from collections.abc import Callable

from grader.engine.judge.processors import IS_COUNTED
from grader.engine.wire.accounts import Usage

WORTH_A_LOOK = 0.2  # seconds that a call has taken
SHORTEST_WAIT = 0.05  # seconds between two looks at a runner whose time is nearly over
LEAST_STRETCH, MOST_STRETCH = 4, 20  # how many times its limit a call may take in all before the runner is ended


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
        self._asked, self._due = self._started, math.inf  # when `left` was asked, and should be again at the latest

    def left(self) -> float:
        """How many more seconds the runner has at least; 0 or less when its time is over.

        The longer it has had to wait, the more time may pass in all, but not without end.
        """
        now = time.monotonic()
        if now - self._due > WORTH_A_LOOK:  # the judge stood still, perhaps with the whole machine: that does not count
            self._started += now - self._asked
        left = self._left_at(now)
        self._asked, self._due = now, now + left
        return left

    def _left_at(self, now: float) -> float:
        passed = now - self._started
        if passed >= self.limit:  # before that, nobody needs to know
            self.had = self._look().since(self._before)
            self._left = self.limit - charged(passed, self.had)
            left_of_all = self.limit * stretch() - passed
            return min(max(self._left, SHORTEST_WAIT), left_of_all) if self._left > 0 else 0.0
        return self.limit - passed

    def stop(self) -> None:
        """The call is over, or its runner is: what it took is charged to the budget."""
        passed = time.monotonic() - self._started
        if passed > WORTH_A_LOOK:
            self.had = self._look().since(self._before)
            passed = charged(passed, self.had)
        self._budget.used += passed

    @property
    def computed(self) -> bool:
        """True when the runner had a processor for most of its time, rather than waiting for something."""
        return self.had.processor > self.limit / 2

    @property
    def stood_still(self) -> bool:
        """True when it had a processor for less than half of its time, as far as the kernel tells: it slept, or
        somebody had stopped it, or the whole machine."""
        return IS_COUNTED and not self.computed

    @property
    def was_starved(self) -> bool:
        """True when too much time had passed in all, though the runner had not got what it may use."""
        return self._left > 0


def stretch() -> float:
    """How many times its limit a call may take in all: more where more processes compete for each processor."""
    try:
        load = os.getloadavg()[0] / (os.cpu_count() or 1)
    except OSError:
        load = 0.0
    return min(MOST_STRETCH, max(LEAST_STRETCH, 2 * load))

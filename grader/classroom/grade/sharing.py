"""How submissions that are graded at the same time share a machine."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from grader.engine.judge.processors import cores


class Cores:
    """Hands out the cores of this machine, so that no submission can take more than its own from the others."""

    def __init__(self) -> None:
        known, first = cores(), os.getpid()  # another process on this machine begins with another core
        self._numbers = [known[(first + number) % len(known)] for number in range(len(known))]
        self._users: Counter[int] = Counter()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        return len(self._numbers) or os.cpu_count() or 1

    @contextmanager
    def one(self) -> Iterator[int | None]:
        """The core with the fewest users; None where processes cannot be bound to one."""
        with self._lock:
            core = min(self._numbers, key=lambda number: self._users[number], default=None)
            if core is not None:
                self._users[core] += 1
        try:
            yield core
        finally:
            if core is not None:
                with self._lock:
                    self._users[core] -= 1


class Turns:
    """Lets many work at the same time, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = 0
        self._wants_to_be_alone = 0
        self._is_alone = False

    @contextmanager
    def one_of_many(self) -> Iterator[None]:
        """Work beside others, but not beside one who wants to be alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_alone and not self._wants_to_be_alone)
            self._working += 1
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For one of many: wait until all others have finished or wait for this, too, and go on without them."""
        self._leave()
        with self._changed:
            self._wants_to_be_alone += 1
            self._changed.wait_for(lambda: not self._is_alone and not self._working)
            self._is_alone = True
        try:
            yield
        finally:
            with self._changed:
                self._is_alone = False
                self._wants_to_be_alone -= 1
                self._working += 1  # until this one leaves, as one of many
                self._changed.notify_all()

    def _leave(self) -> None:
        with self._changed:
            self._working -= 1
            self._changed.notify_all()

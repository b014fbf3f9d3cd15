"""What an update is going to do, and doing it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.files import locked
from grader.update.exercises import Change


@dataclass(frozen=True)
class Plan:
    """A new version of the course.

    Attributes:
        version: its number.
        changes: what becomes of each exercise and each lesson.
        bring: replaces every other file of the course.
        needs_packages: whether the course asks for other packages than before.
        prepare: notes what is needed to complete this update, should it be cut off.
        kept: the folder to which the course's old files are moved, if they are.
    """

    version: str
    changes: tuple[Change, ...]
    bring: Callable[[], None]
    needs_packages: bool = False
    prepare: Callable[[], None] = lambda: None
    kept: Path | None = None

    def carry_out(self, workspace: Path) -> None:
        """Change the copy. If the machine stops in the middle, the same update again completes it.

        Raises:
            BlockingIOError: another update is going on.
            OSError: a file cannot be written.
        """
        with locked(workspace / ".digits" / "update.lock", wait=False), uninterrupted():
            self.prepare()
            for change in self.changes:
                change.apply(workspace)
            self.bring()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until this is over, also in the programs that it starts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""One thread that answers request after request, with a queue of a limited length before it.

A call that takes too long is given up: its thread goes on by itself, because Python can end no thread, and another one
takes its place. After a few of these, no more are started, and every request is refused until a call returns.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Busy(Exception):
    """The queue is full."""


class Overdue(Exception):
    """The call has taken too long, and was given up."""


class Stuck(Exception):
    """So many calls have not returned that no more are made."""


class Job(Generic[Result]):
    """One request, from the queue to its answer.

    Attributes:
        began: when its call began, in seconds of `time.monotonic`; None before that.
        is_wanted: somebody waits for the answer.
    """

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.began: float | None = None
        self.is_wanted = True
        self.answered: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()

    def settle(self, result: Result | None, error: BaseException | None = None) -> None:
        """Give the answer, in the thread of the loop."""
        if self.answered.done():
            return
        if error is None:
            self.answered.set_result(result)
        else:
            self.answered.set_exception(error)
            self.answered.exception()  # seen, even if nobody waits any more


class Worker(Generic[Result]):
    """Calls a function in a thread, in the order of the requests.

    Args:
        call: from the body of a request to its answer. What it raises, `answer` raises.
        seconds: for which a call may run.
        most_waiting: how many requests may wait for their turn.
        most_stuck: how many calls may have been given up and not returned.
    """

    def __init__(self, call: Callable[[bytes], Result], seconds: float, most_waiting: int, most_stuck: int = 3) -> None:
        self._call, self.seconds = call, seconds
        self._most_waiting, self._most_stuck = most_waiting, most_stuck
        self._queue: SimpleQueue[Job[Result]] = SimpleQueue()
        self._open: set[Job[Result]] = set()  # those without an answer; of the loop's thread alone
        self._lock = threading.Lock()  # around what follows
        self._current: Job[Result] | None = None
        self.stuck = 0
        self._has_thread = True
        self._start_thread()

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._open) - (self._current is not None)

    @property
    def is_stuck(self) -> bool:
        """Whether no thread is left that makes calls."""
        return not self._has_thread

    async def answer(self, job: Job[Result]) -> Result | None:
        """The answer to a request; None if it was no longer wanted when its turn came.

        Raises:
            Busy, Overdue, Stuck: there is none.
        """
        if self.is_stuck:
            raise Stuck
        if self.waiting >= self._most_waiting:
            raise Busy
        self._open.add(job)
        self._queue.put(job)
        try:
            return await job.answered
        finally:
            self._open.discard(job)

    def look(self) -> bool:
        """Give a call up that takes too long; returns whether there was one. To be called a few times per second."""
        with self._lock:
            job = self._current
            if job is None or job.began is None or time.monotonic() - job.began < self.seconds:
                return False
            self._current = None
            self.stuck += 1
            self._has_thread = is_replaced = self.stuck < self._most_stuck
        job.settle(None, Overdue())
        if is_replaced:
            self._start_thread()
        else:
            for other in list(self._open):
                other.settle(None, Stuck())
        return True

    def _start_thread(self) -> None:
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, args=[loop], name="respond", daemon=True).start()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            job = self._queue.get()
            if job.answered.done() or not job.is_wanted:
                tell(loop, job, None, None)
                continue
            with self._lock:
                job.began, self._current = time.monotonic(), job
            result, error = None, None
            try:
                result = self._call(job.body)
            except BaseException as raised:
                error = raised
            with self._lock:
                if self._current is job:
                    self._current = None
                else:  # given up meanwhile
                    self.stuck -= 1
                    if self._has_thread:  # another one is at work
                        return
                    self._has_thread = True
            tell(loop, job, result, error)


def tell(loop: asyncio.AbstractEventLoop, job: Job[Result], result: Result | None, error: BaseException | None) -> None:
    """Settle a job from its thread, unless the loop has ended with the process."""
    try:
        loop.call_soon_threadsafe(job.settle, result, error)
    except RuntimeError:
        pass

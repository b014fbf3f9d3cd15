"""An engine that keeps runners ready, for commands that grade again and again while a learner waits."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Future

from grader.course import Limits, Runtime
from grader.engine.judge.client import CallTimedOut, Client, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.processes import Engine, EngineError, RunnerProcess, Zygote
from grader.engine.wire.requests import WarmUp

SPARES = {"numpy": 1, "tensorflow": 2}  # the submission's runner; with TensorFlow the scorer as well
WARM_UP_SECONDS = 60
LIMITS = Limits(seconds=WARM_UP_SECONDS, training_seconds=WARM_UP_SECONDS, total_seconds=WARM_UP_SECONDS)


class SpareEngine(Engine):
    """Hands out runners that were forked, and have warmed up, before they were needed."""

    def __init__(self, connect: Callable[[Runtime], Zygote] = Zygote.private) -> None:
        super().__init__(connect)
        self._spares: defaultdict[str, deque[Future[RunnerProcess | None]]] = defaultdict(deque)
        self._preparing = threading.Lock()

    def prepare(self, runtime: Runtime) -> None:
        """Replace, in the background, the spares that were handed out."""
        with self._preparing:
            for _ in range(SPARES[runtime] - len(self._spares[runtime])):
                spare: Future[RunnerProcess | None] = Future()
                self._spares[runtime].append(spare)
                threading.Thread(target=self._make, args=(runtime, spare), daemon=True, name="spare").start()

    def start(self, runtime: Runtime, core: int | None = None) -> RunnerProcess:
        """Hand out a spare, waiting for one that is nearly ready; where there is none, start a runner."""
        if core is not None:  # spares are not bound to any
            return super().start(runtime, core)
        while True:
            with self._preparing:
                spare = self._spares[runtime].popleft() if self._spares[runtime] else None
            if spare is None:
                return super().start(runtime)
            process = spare.result()
            if process and not process.channel.has_pending_data():
                return process
            if process:  # it has ended while it waited
                process.end()

    def _make(self, runtime: Runtime, spare: "Future[RunnerProcess | None]") -> None:
        process, is_warm = None, False
        try:
            process = super().start(runtime)
            Client(process, LIMITS, Budget(WARM_UP_SECONDS)).ask(WarmUp())
            is_warm = True
        except (EngineError, RunnerGone, CallTimedOut, OSError):
            pass  # the next session starts a runner itself, and learns what is wrong
        finally:  # a session may be waiting already
            if process and not is_warm:
                process.end()
            spare.set_result(process if is_warm else None)

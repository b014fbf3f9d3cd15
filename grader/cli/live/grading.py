"""One grading in the background: quick checks first, training last."""

import threading
import time
from collections.abc import Callable

from grader.api import Check
from grader.cli.live.curve import Curve
from grader.course import Lesson
from grader.engine.first_failing import first_to_fix
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import Source
from grader.engine.session import HOME_SEED, Session, load_checks
from grader.verdict import CheckResult, Verdict


class Cancelled(Exception):
    """The grading is no longer needed."""


class Grading:
    """A submission being graded in its own thread, the only one that talks to the runners.

    Other threads may read the results so far, and may cancel. ``on_change`` is called from the thread after every
    result.
    """

    def __init__(self, lesson: Lesson, source: Source, engine: Engine, on_change: Callable[[], None]) -> None:
        self.lesson, self.source = lesson, source
        self.checks = load_checks(lesson.checks_path)
        self.results: dict[str, CheckResult] = {}  # in order of arrival
        self.running: Check | None = None
        self.curve = Curve()
        self.verdict: Verdict | None = None
        self.failure: Exception | None = None  # of the grader
        self.started = time.monotonic()
        self._engine, self._on_change = engine, on_change
        self._session: Session | None = None
        self._is_cancelled = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"grading {lesson.slug}")
        self._thread.start()

    @property
    def seconds(self) -> float:
        """The time so far, or the total once it is over."""
        return self.verdict.seconds if self.verdict else time.monotonic() - self.started

    @property
    def points(self) -> float:
        return sum(result.points for result in self.results.values())

    @property
    def is_over(self) -> bool:
        return self.verdict is not None or self.failure is not None

    @property
    def outcome(self) -> str:
        """The verdict's outcome, or an empty string before there is one."""
        return self.verdict.outcome if self.verdict else ""

    @property
    def is_training(self) -> bool:
        """True once all quick checks have their results."""
        return not self.is_over and all(check.takes_long or check.name in self.results for check in self.checks)

    @property
    def focus(self) -> CheckResult | None:
        """The check to fix first."""
        return first_to_fix([self.results[check.name] for check in self.checks if check.name in self.results])

    def cancel(self) -> None:
        """Ask the grading to stop; can be called from any thread. The runners end with it."""
        self._is_cancelled = True
        if self._session:
            self._session.interrupt()

    def wait(self, seconds: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._grade()
        except Cancelled:
            return
        except Exception as error:
            self.failure = error
        self._on_change()

    def _grade(self) -> None:
        with Session(self.lesson, self.source, self._engine, HOME_SEED, self._on_progress) as session:
            self._session = session
            session.on_check = self._begin
            self._go_on()
            if not session.load():
                for check in sorted(self.checks, key=lambda check: check.takes_long):
                    result = session.run(check)
                    self._go_on()  # a result from a cancelled runner does not count
                    self.results[check.name] = result
                    self.running = None
                    self._on_change()
            verdict = session.verdict()
            self._go_on()
            verdict.seconds = time.monotonic() - self.started
            self.verdict = verdict
            self._on_change()

    def _begin(self, check: Check) -> None:
        self._go_on()
        self.running = check

    def _on_progress(self, figures: dict[str, float]) -> None:
        self.curve.add(figures)

    def _go_on(self) -> None:
        if self._is_cancelled:
            raise Cancelled

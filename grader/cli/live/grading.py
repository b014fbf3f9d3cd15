"""One grading in the background: what is cheap first, and what trains last."""

import threading
import time
from collections.abc import Callable

from grader.cli.live.curve import Curve
from grader.course import Lesson
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import Source
from grader.engine.session import HOME_SEED, Check, Session, load_checks
from grader.verdict import CheckResult, Verdict

NOT_WRITTEN = {"not_attempted", "skipped"}


class Cancelled(Exception):
    """Nobody wants this grading any more."""


class Grading:
    """A submission being graded in a thread of its own, which alone talks to the runners.

    Others may read what there is so far, and may cancel. ``on_change`` is called from the thread after every result.
    """

    def __init__(self, lesson: Lesson, source: Source, engine: Engine, on_change: Callable[[], None]) -> None:
        self.lesson, self.source = lesson, source
        self.checks = load_checks(lesson.checks_path)
        self.results: dict[str, CheckResult] = {}  # in the order in which they came
        self.running: Check | None = None
        self.curve = Curve()
        self.verdict: Verdict | None = None
        self.failure: Exception | None = None  # of ours
        self.started = time.monotonic()
        self._engine, self._on_change = engine, on_change
        self._session: Session | None = None
        self._is_cancelled = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"grading {lesson.slug}")
        self._thread.start()

    @property
    def seconds(self) -> float:
        """How long it has taken so far, or altogether."""
        return self.verdict.seconds if self.verdict else time.monotonic() - self.started

    @property
    def points(self) -> float:
        return sum(result.points for result in self.results.values())

    @property
    def is_over(self) -> bool:
        return self.verdict is not None or self.failure is not None

    @property
    def outcome(self) -> str:
        """The verdict's, once there is one."""
        return self.verdict.outcome if self.verdict else ""

    @property
    def is_training(self) -> bool:
        """True once everything that is quick has its result."""
        return not self.is_over and all(check.takes_long or check.name in self.results for check in self.checks)

    @property
    def focus(self) -> CheckResult | None:
        """What to mend first: of the checks that fail, the first whose function has been written."""
        failing = [self.results[check.name] for check in self.checks if check.name in self.results]
        failing = [result for result in failing if result.outcome != "passed"]
        return next(
            (result for result in failing if result.outcome not in NOT_WRITTEN), failing[0] if failing else None
        )

    def cancel(self) -> None:
        """Stop soon, from any thread; the runners end with the grading."""
        self._is_cancelled = True
        if self._session:
            self._session.interrupt()

    def wait(self, seconds: float) -> None:
        """Wait for the end of the thread."""
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
                    self._go_on()  # what a cancelled runner leaves behind is no result
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

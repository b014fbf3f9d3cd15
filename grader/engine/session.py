"""Grades one submission: runs its checks in order and turns whatever happens into results."""

import importlib.util
import inspect
import itertools
import re
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from grader.api.checks import Check
from grader.api.context import Context, enter
from grader.api.errors import SubmissionError
from grader.api.expect import Failed
from grader.api.probe import Probe
from grader.api.split import Digits
from grader.course import CALLED, Lesson, Runtime, functions_of
from grader.engine import outcomes
from grader.engine.disturbances import BUSY, Disturbance, disturbance
from grader.engine.judge.client import CallTimedOut, Client, OnProgress, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.large_constants import has_large_constant
from grader.engine.judge.processes import AnyEngine, AnyRunner, EngineError
from grader.engine.judge.source import Source
from grader.engine.judge.submission import Files, Models, SubmissionProxy
from grader.engine.outcomes import Loaded
from grader.engine.surroundings import own_settings
from grader.engine.wire.requests import LeftOut, Load
from grader.verdict import CheckResult, Verdict

Result = TypeVar("Result")
OnResult = Callable[[CheckResult], None]
HOME_SEED = b"0"  # a learner's own checks; a class has a secret
LOADING = threading.RLock()  # no thread reads a module that another is still loading


class Session:
    """One submission being graded. Results are kept: a check runs once, however often it is asked for."""

    def __init__(
        self,
        lesson: Lesson,
        source: Source,
        engine: AnyEngine,
        seed: bytes = HOME_SEED,
        on_progress: OnProgress | None = None,
        thresholds_apply: bool = True,
        core: int | None = None,
        alone: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Prepare to grade; the submission is loaded when the first check calls it.

        Args:
            lesson: the exercise.
            source: the submission.
            engine: what starts runners.
            seed: where all random inputs and splits come from; secret for a class.
            on_progress: told of training while it goes on: finite numbers by name, for the eye only.
            thresholds_apply: an accuracy below the exercise's threshold fails its check.
            core: the one that the runners are bound to; none for a learner's own work.
            alone: while its context is open, no other submission is graded here.
        """
        self.lesson = lesson
        self.source = source
        self.seed = seed
        self.results: dict[str, CheckResult] = {}  # by name of the check
        could_earn = lesson.has_network or lesson.home is not None  # a network that was brought along
        self.flags: list[str] = ["large_constant"] if could_earn and has_large_constant(source) else []
        self.on_check: Callable[[Check], None] = lambda check: None  # told which check begins
        self.on_end: Callable[[Context], None] = lambda context: None  # told how one has gone
        self._engine = engine
        self._on_progress = on_progress
        self._thresholds_apply, self._core, self._alone = thresholds_apply, core, alone
        self._client: Client | None = None  # of the runner that holds the submission
        self._second: Client | None = None  # of another one that does
        self._third: Client | None = None  # of one that does, and has NumPy alone
        self._scorer: Client | None = None  # of the one that does not
        self._submission = SubmissionProxy(self._loaded_client, self._scoring_client)
        self._elsewhere = SubmissionProxy(self._second_client, self._scoring_client)
        self._deployed = SubmissionProxy(self._third_client, self._scoring_client)
        self._processes: list[AnyRunner] = []
        self._is_interrupted = False
        self._budget = Budget(lesson.limits.total_seconds)
        self._loaded: Loaded | None = None
        self._left_out: list[LeftOut] = []  # parts of the submission that were not executed to their end
        engine.warm(lesson.runtime)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the runners."""
        for client in (self._client, self._second, self._third, self._scorer):
            if client:
                client.end()
        self._client = self._second = self._third = self._scorer = None

    def interrupt(self) -> None:
        """Stop waiting for the submission, from any thread. The checks that still run end as crashed; the thread that
        runs them closes the session, as always."""
        self._is_interrupted = True
        for process in self._processes.copy():
            process.interrupt()

    @property
    def runner_peak(self) -> int:
        """Bytes that the submission's runner has used at most, so far."""
        return self._client.peak_memory if self._client else 0

    def run(self, check: Check) -> CheckResult:
        """Run one check, and before it those that it depends on; returns its result."""
        if check.name not in self.results:
            started = time.monotonic()
            result = self._blocked(check) or self._attempt(check)
            result.seconds = time.monotonic() - started
            self.results[check.name] = result
        return self.results[check.name]

    def _blocked(self, check: Check) -> CheckResult | None:
        for needed in check.after:
            before = self.run(needed)
            if before.outcome == "not_attempted":
                return outcomes.not_run(check, "not_attempted", f"This waits for: {needed.title}.")
            if before.outcome != "passed":
                return outcomes.not_run(check, "skipped", f"This waits for: {needed.title}.")
        return None

    def _attempt(self, check: Check) -> CheckResult:
        self.on_check(check)
        result, spoiled = self._undisturbed(lambda: self._attempt_once(check))
        if spoiled:
            result.outcome, result.message, result.hint = "grader_error", spoiled.message, ""
        return result

    def _undisturbed(self, attempt: Callable[[], tuple[Result, Exception | None]]) -> tuple[Result, Disturbance | None]:
        """Try something that calls the submission; again, with fresh runners, if the machine may have spoiled it.

        Args:
            attempt: returns its result, and what its runner ended with.

        Returns:
            The last result, and by what that was spoiled in spite of all tries.
        """
        with ExitStack() as stack:
            for tried in itertools.count():
                used = self._budget.used
                result, error = attempt()
                spoiled = disturbance(error)
                if spoiled is None or tried >= spoiled.tries or self._is_interrupted:
                    return result, spoiled if spoiled and spoiled.is_certain else None
                self._budget.used = used
                if spoiled is BUSY:
                    stack.enter_context(self._alone())
        raise AssertionError("unreachable")

    def _attempt_once(self, check: Check) -> tuple[CheckResult, Exception | None]:
        context = Context(check, self.lesson.slug, self._thresholds_apply, self.lesson.bar)
        enter(context)
        printed_before, lost_before = (self._client.printed, self._client.lost) if self._client else ("", 0)
        result = outcomes.not_run(check, "failed", "")
        ended: Exception | None = None
        try:
            with own_settings():
                check.function(**self._arguments(check))
        except Failed as error:
            outcomes.explain_failure(result, error.failure, check)
        except SubmissionError as error:
            outcomes.explain_error(result, error, context, self.source, self._left_out)
        except CallTimedOut as error:
            self.close()
            outcomes.explain_timeout(result, error, context)
            ended = error
        except RunnerGone as error:
            self.close()
            outcomes.explain_exit(result, error, context)
            ended = error
        except Exception as error:
            result.outcome, result.message = "grader_error", f"The grader failed: {type(error).__name__}: {error}"
        else:
            result.outcome, result.points = "passed", check.points
        outcomes.make_harmless(result)
        result.measurements = context.measurements
        if self._client:
            result.printed = self._client.printed.removeprefix(printed_before).rstrip("\n")
            result.lost = max(0, self._client.lost - lost_before)
        self.flags = list(dict.fromkeys(self.flags + context.flags))
        self.on_end(context)
        return result, ended

    def verdict(self, on_result: OnResult | None = None) -> Verdict:
        """Run all checks of the exercise and sum up."""
        started = time.monotonic()
        checks = load_checks(self.lesson.checks_path)
        verdict = Verdict(self.lesson.slug, "graded", sum(check.points for check in checks), "none", [])
        loaded = self._load_outcome()
        verdict.outcome, verdict.message = loaded.outcome, loaded.message
        if verdict.outcome != "grader_error":
            verdict.isolation = self._engine.tier(self.lesson.runtime)
        for check in checks if verdict.outcome == "graded" else []:
            result = self.run(check)
            verdict.checks.append(result)
            if on_result:
                on_result(result)
        if any(result.outcome == "grader_error" for result in verdict.checks):
            verdict.outcome = "grader_error"
            verdict.message = next(r.message for r in verdict.checks if r.outcome == "grader_error")
        elif self._budget.is_spent:
            verdict.outcome = "timeout"
            verdict.message = f"All checks together took longer than {self.lesson.limits.total_seconds:g} s."
        elif verdict.outcome == "graded":
            verdict.message = " ".join([*self.source.notes, *outcomes.notes_on(self._left_out, self.source)])
        verdict.seconds, verdict.flags = time.monotonic() - started, self.flags
        return verdict

    def load(self) -> str:
        """Load the submission's file; returns what is wrong with it, or nothing."""
        return self._load_outcome().message

    def _load_outcome(self) -> Loaded:
        """A file that cannot be loaded is a verdict of its own."""
        if self._loaded is None:
            self._loaded = self._try_to_load()
        return self._loaded

    def _try_to_load(self) -> Loaded:
        loaded, spoiled = self._undisturbed(self._load_once)
        return Loaded("grader_error", spoiled.message) if spoiled else loaded

    def _load_once(self) -> tuple[Loaded, Exception | None]:
        try:
            self._loaded_client()
        except SubmissionError as error:
            return outcomes.load_error(error, self.source), None
        except CallTimedOut as error:
            self.close()
            return outcomes.load_timeout(error, self.source), error
        except RunnerGone as error:
            self.close()
            return outcomes.load_exit(error, self.source), error
        except EngineError as error:
            return Loaded("grader_error", str(error)), None
        return Loaded("graded", ""), None

    def _arguments(self, check: Check) -> dict[str, object]:
        makers: dict[str, Callable[[], Any]] = {
            "submission": lambda: self._submission,
            "probe": lambda: Probe(self.seed, self.lesson.slug, check.name),
            "elsewhere": lambda: self._elsewhere,
            "deployed": lambda: self._deployed,
            "files": lambda: Files(self._submission),
            "models": lambda: Models(self._submission),
            "digits": lambda: Digits(self.seed, self.lesson.slug),
        }
        return {name: makers[name]() for name in inspect.signature(check.function).parameters}

    def _loaded_client(self) -> Client:
        """The runner with the submission loaded; a fresh one where the last has been ended."""
        if self._client is None:
            self._client, self._left_out = self._load()
        return self._client

    def _second_client(self) -> Client:
        """Another process with the same submission, which knows nothing of what the first has done."""
        if self._second is None:
            self._second, _ = self._load()
        return self._second

    def _third_client(self) -> Client:
        """Another process with the same submission, where nothing but NumPy and the standard library is installed."""
        if self._third is None:
            self._third, _ = self._load(numpy_alone=True)
        return self._third

    def _load(self, numpy_alone: bool = False) -> tuple[Client, list[LeftOut]]:
        """A fresh runner with the submission loaded, and what of it was not executed to its end."""
        client = self._start(self._on_progress, "numpy" if numpy_alone else self.lesson.runtime)
        code, cells = np.frombuffer(self.source.code, np.uint8), list(self.source.cells)
        wanted = sorted(functions_of(self.lesson)) if cells else []
        try:
            return client, client.ask(Load(self.source.name, code, cells, wanted, numpy_alone)).left_out
        except SubmissionError:
            client.end()
            raise

    def _scoring_client(self) -> Client:
        """The second runner, without the submission's code."""
        if self._scorer is None:
            self._scorer = self._start(None, self.lesson.runtime)
        return self._scorer

    def _start(self, on_progress: OnProgress | None, runtime: Runtime) -> Client:
        process = self._engine.start(runtime, self._core)
        self._processes.append(process)
        if self._is_interrupted:  # while it was started
            process.interrupt()
        return Client(process, self.lesson.limits, self._budget, on_progress)


@cache
def load_checks(path: Path) -> tuple[Check, ...]:
    """The checks in a file, in the order in which they stand there."""
    is_own = not path.stem.startswith("test_")  # of an instructor, who calls all such files checks.py
    name = f"own_exercises.{path.resolve()}" if is_own else f"grader.checks.{path.stem}"
    with LOADING:
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is None or spec.loader is None:
                raise ImportError(f"{path} is no Python file")
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(module)
            except BaseException:
                del sys.modules[name]
                raise
    return tuple(value for value in vars(sys.modules[name]).values() if isinstance(value, Check))


def functions_called(check: Check) -> tuple[str, ...]:
    """The functions of the exercise that a check calls, itself or through the helpers in its file, in order."""
    found: list[str] = []
    helpers = [check.function]
    for helper in helpers:  # grows while it is worked through
        text = inspect.getsource(helper)
        found += CALLED.findall(text)
        known = (helper.__globals__.get(name) for name in dict.fromkeys(re.findall(r"\w+", text)))
        helpers += [
            value
            for value in known
            if inspect.isfunction(value) and value.__module__ == helper.__module__ and value not in helpers
        ]
    return tuple(dict.fromkeys(found))

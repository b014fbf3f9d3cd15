"""Grades one submission: runs its checks in order and turns whatever happens into results."""

import importlib.util
import inspect
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from grader.api.checks import Check as Check  # noqa: PLC0414 (a part of what Session takes and gives)
from grader.api.context import Context, enter
from grader.api.errors import SubmissionError
from grader.api.expect import Failed
from grader.api.probe import Probe
from grader.api.split import Digits
from grader.course import Lesson
from grader.engine.judge.client import CallTimedOut, Client, OnProgress, RunnerGone, clean
from grader.engine.judge.processes import Engine, EngineError, RunnerProcess
from grader.engine.judge.source import Source
from grader.engine.judge.submission import Files, Models, SubmissionProxy
from grader.engine.wire.channel import ProtocolError
from grader.verdict import CheckResult, Outcome, Picture, Verdict

UNREADABLE = {"SyntaxError", "IndentationError", "TabError"}
OnResult = Callable[[CheckResult], None]
HOME_SEED = b"0"  # a learner's own checks; a class has a secret
LOADING = threading.RLock()  # a module that one thread is still loading is not to be read by another


class Session:
    """One submission being graded. Results are kept: a check runs once, however often it is asked for."""

    def __init__(
        self,
        lesson: Lesson,
        source: Source,
        engine: Engine,
        seed: bytes = HOME_SEED,
        on_progress: OnProgress | None = None,
        thresholds_apply: bool = True,
    ) -> None:
        self.lesson, self.source, self.seed = lesson, source, seed
        self.results: dict[str, CheckResult] = {}
        self.flags: list[str] = ["large_constant"] if source.has_large_constant else []
        self.on_check: Callable[[Check], None] = lambda check: None  # told which check begins
        self._engine, self._on_progress, self._thresholds_apply = engine, on_progress, thresholds_apply
        self._client: Client | None = None
        self._second: Client | None = None
        self._scorer: Client | None = None
        self._submission = SubmissionProxy(self._loaded_client, self._scoring_client)
        self._elsewhere = SubmissionProxy(self._second_client, self._scoring_client)
        self._processes: list[RunnerProcess] = []
        self._is_interrupted = False
        self._deadline: float | None = None
        self._loaded: tuple[Outcome, str] | None = None
        engine.warm(lesson.runtime)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the runners."""
        for client in (self._client, self._second, self._scorer):
            if client:
                client.end()
        self._client = self._second = self._scorer = None

    def interrupt(self) -> None:
        """Stop waiting for the submission, from any thread. The thread that runs the checks gets crashed ones from here
        on, may give up, and has to close the session as ever."""
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
            result = self._waits_for(check) or self._attempt(check)
            result.seconds = time.monotonic() - started
            self.results[check.name] = result
        return self.results[check.name]

    def _waits_for(self, check: Check) -> CheckResult | None:
        for needed in check.after:
            before = self.run(needed)
            if before.outcome == "not_attempted":
                return not_run(check, "not_attempted", f"This waits for: {needed.title}.")
            if before.outcome != "passed":
                return not_run(check, "skipped", f"This waits for: {needed.title}.")
        return None

    def _attempt(self, check: Check) -> CheckResult:
        context = Context(check, self.lesson.slug, self._thresholds_apply)
        enter(context)
        self.on_check(check)
        printed_before = self._client.printed if self._client else ""
        result = not_run(check, "failed", "")
        try:
            check.function(**self._arguments(check))
        except Failed as error:
            failure = error.failure
            result.called, result.returned, result.expected = failure.called, failure.returned, failure.expected
            result.message, result.hint = failure.message, check.hints[0] if check.hints else ""
            result.pictures = [Picture(title, rows) for title, rows in failure.pictures]
            if failure.mistake:
                result.mistake, result.hint = failure.mistake.name, failure.mistake.question
                result.explanation = failure.mistake.explanation
        except SubmissionError as error:
            explain_error(result, error, self.source)
        except CallTimedOut as error:
            self.close()
            result.outcome = "timeout"
            result.message = f"{last_call(context)} gave no answer within {error.seconds:g} s."
            result.hint = "Which of your loops never ends?"
        except (RunnerGone, ProtocolError) as error:
            self.close()
            result.outcome, result.message = outcome_of(error), f"{last_call(context)} {describe_exit(error)}."
        except Exception as error:
            result.outcome, result.message = "grader_error", f"The grader failed: {type(error).__name__}: {error}"
        else:
            result.outcome, result.points = "passed", check.points
        for text in ("called", "returned", "expected", "message"):  # names of classes in it are the submission's
            setattr(result, text, clean(getattr(result, text)))
        result.measurements = context.measurements
        if self._client:
            result.printed = self._client.printed.removeprefix(printed_before)
        self.flags = list(dict.fromkeys(self.flags + context.flags))
        return result

    def verdict(self, on_result: OnResult | None = None) -> Verdict:
        """Run all checks of the exercise and sum up."""
        started = time.monotonic()
        checks = load_checks(self.lesson.checks_path)
        verdict = Verdict(self.lesson.slug, "graded", sum(check.points for check in checks), "none", [])
        verdict.outcome, verdict.message = self._load_outcome()
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
        elif self._deadline and time.monotonic() >= self._deadline:
            verdict.outcome = "timeout"
            verdict.message = f"All checks together took longer than {self.lesson.limits.total_seconds:g} s."
        elif verdict.outcome == "graded":
            verdict.message = " ".join(self.source.notes)
        verdict.seconds, verdict.flags = time.monotonic() - started, self.flags
        return verdict

    def load(self) -> str:
        """Load the submission's file; returns what is wrong with it, or nothing."""
        return self._load_outcome()[1]

    def _load_outcome(self) -> tuple[Outcome, str]:
        """A file that cannot be loaded is a verdict of its own: its outcome, and why."""
        if self._loaded is None:
            self._loaded = self._try_to_load()
        return self._loaded

    def _try_to_load(self) -> tuple[Outcome, str]:
        name = self.source.name
        try:
            self._loaded_client()
        except SubmissionError as error:
            outcome = "invalid" if error.type in UNREADABLE else "crashed"
            where = f", {self.source.where(error.line)}: {error.code}" if error.line else ""
            return outcome, f"{name}{where} ({error.summary})"
        except CallTimedOut as error:
            self.close()
            return "timeout", f"{name} was not loaded within {error.seconds:g} s."
        except (RunnerGone, ProtocolError) as error:
            self.close()
            return outcome_of(error), f"{name}, while it was loaded, {describe_exit(error)}."
        except EngineError as error:
            return "grader_error", str(error)
        return "graded", ""

    def _arguments(self, check: Check) -> dict[str, object]:
        makers = {
            "submission": lambda: self._submission,
            "probe": lambda: Probe(self.seed, self.lesson.slug, check.name),
            "elsewhere": lambda: self._elsewhere,
            "files": lambda: Files(self._submission, self._elsewhere),
            "models": lambda: Models(self._submission),
            "digits": lambda: Digits(self.seed, self.lesson.slug),
        }
        return {name: makers[name]() for name in inspect.signature(check.function).parameters}

    def _loaded_client(self) -> Client:
        """The runner with the submission loaded; a fresh one where the last has been ended."""
        if self._client is None:
            self._client = self._load()
        return self._client

    def _second_client(self) -> Client:
        """Another process with the same submission, which knows nothing of what the first has done."""
        if self._second is None:
            self._second = self._load()
        return self._second

    def _load(self) -> Client:
        client = self._start(self._on_progress)
        try:
            client.load(self.source)
        except SubmissionError:
            client.end()
            raise
        return client

    def _scoring_client(self) -> Client:
        """The second runner, without the submission's code."""
        if self._scorer is None:
            self._scorer = self._start(None)
        return self._scorer

    def _start(self, on_progress: OnProgress | None) -> Client:
        process = self._engine.start(self.lesson.runtime)
        self._processes.append(process)
        if self._is_interrupted:  # while it was started
            process.interrupt()
        if self._deadline is None:  # the clock starts when the grader is ready
            self._deadline = time.monotonic() + self.lesson.limits.total_seconds
        return Client(process, self.lesson.limits, self._deadline, on_progress)


@cache
def load_checks(path: Path) -> tuple[Check, ...]:
    """The checks in a file, in the order in which they stand there."""
    name = f"grader.checks.{path.stem}"
    with LOADING:
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, path)
            sys.modules[name] = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(sys.modules[name])
            except BaseException:
                del sys.modules[name]
                raise
    return tuple(value for value in vars(sys.modules[name]).values() if isinstance(value, Check))


def not_run(check: Check, outcome: str, message: str) -> CheckResult:
    return CheckResult(check.name, check.title, outcome, 0.0, check.points, message=message)


def explain_error(result: CheckResult, error: SubmissionError, source: Source) -> None:
    """Turn an exception of the submission into the result of a check."""
    result.line, result.code = error.line and source.place(error.line)[1], error.code
    if error.type == "NotImplementedError" and error.line:
        result.outcome, result.message = "not_attempted", f"{error.function} is not written yet."
        return
    if error.type == "MissingFunction":
        result.message = f"{source.name} defines no function {error.text}."
        result.hint = (
            "Is its name spelled exactly as in the exercise, and does it stand outside of every other function?"
        )
        return
    if error.type.endswith("MemoryError") or error.type == "ResourceExhaustedError":
        result.outcome, result.message = "memory", "It asked for more memory than a submission may have."
        result.hint = "How many numbers does your largest array hold, and how many bytes does each take?"
        return
    where = f" in {error.function}, {source.where(error.line)}: {error.code}" if error.line else ""
    result.message = f"{error.summary}{where}"
    result.hint = "Read the last line of the message first: what does it say about your line?"


def last_call(context: Context) -> str:
    return f"{context.calls[-1].function}(…)" if context.calls else "The submission"


def outcome_of(error: Exception) -> Literal["crashed", "memory"]:
    return "memory" if getattr(error, "out_of_memory", False) else "crashed"


def describe_exit(error: Exception) -> str:
    """How a runner ended, in words."""
    if outcome_of(error) == "memory":
        return "used more memory than a submission may have"
    status = getattr(error, "exit_status", -signal.SIGKILL)
    if status < 0 and status != -signal.SIGKILL:
        known = {number.value: number.name for number in signal.Signals}
        return f"was ended by {known.get(-status, f'signal {-status}')}"
    return str(error) if isinstance(error, RunnerGone) else f"broke the connection to the grader ({error})"

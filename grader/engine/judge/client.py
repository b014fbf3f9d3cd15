"""The judge's side of the protocol: one request, one reply, a time limit."""

import itertools
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np

from grader.api.errors import SubmissionError
from grader.course import Limits
from grader.engine.judge.clock import Budget, Stopwatch
from grader.engine.judge.memory import MOST_THREADS
from grader.engine.judge.processes import AnyRunner
from grader.engine.wire.channel import ChannelClosed, DeadlinePassed, Left, ProtocolError
from grader.engine.wire.requests import (
    MAX_PRINTED,
    Envelope,
    FitFacts,
    Request,
    convert,
    decode_answer,
    encode,
    fit_facts,
)

OnProgress = Callable[[dict[str, float]], None]
Answer = TypeVar("Answer")

ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)")  # ANSI control sequences
MAX_TEXT = 600  # characters of one text in an error


class RunnerGone(Exception):
    """The runner has ended, or has sent something that no runner of ours sends; it is killed already.

    Attributes:
        exit_status: how the process ended; negative: by that signal.
        out_of_memory: it used more memory than it may, or ended itself when it could get no more.
        was_killed: by a signal that nothing can catch and that we did not send. It may have come from the submission.
        is_from_outside: it cannot have come from the submission, but from the machine or an administrator.
    """

    def __init__(
        self,
        exit_status: int,
        reason: str,
        out_of_memory: bool = False,
        was_killed: bool = False,
        is_from_outside: bool = False,
    ) -> None:
        super().__init__(reason)
        self.exit_status = exit_status
        self.out_of_memory = out_of_memory
        self.was_killed = was_killed or is_from_outside
        self.is_from_outside = is_from_outside


class CallTimedOut(Exception):
    """No answer in time; the runner is killed already.

    Attributes:
        seconds: the limit that was passed.
        is_total: it was the limit for all calls of a submission together.
        computed: the runner was computing for most of the time, rather than waiting for something.
        was_starved: it had much less of a processor than the limit means, because the machine was busy.
        stood_still: it had no use for a processor most of the time, or was stopped, perhaps with the whole machine.
    """

    def __init__(
        self,
        seconds: float,
        is_total: bool,
        computed: bool = False,
        was_starved: bool = False,
        stood_still: bool = False,
    ) -> None:
        super().__init__(f"no answer within {seconds:g} seconds")
        self.seconds = seconds
        self.is_total = is_total
        self.computed = computed
        self.was_starved = was_starved
        self.stood_still = stood_still


@dataclass(frozen=True)
class Reply(Generic[Answer]):
    """An answer, and what happened on the way to it."""

    answer: Answer
    changed: tuple[int, ...]  # which positional arguments of a call have been written into
    observed: tuple[FitFacts, ...]  # the calls of fit
    printed: str


class Client:
    """Asks one runner, and believes nothing about its answers but their form."""

    def __init__(
        self, process: AnyRunner, limits: Limits, budget: Budget, on_progress: OnProgress | None = None
    ) -> None:
        self.printed = ""  # by the submission, so far
        self.lost = 0  # lines that it has printed beyond what is kept of one call
        self._process = process
        self._limits = limits
        self._channel = process.channel
        self._budget = budget
        self._on_progress = on_progress
        self._ids = itertools.count(1)

    def ask(self, request: Request[Answer], trains: bool = False, most_bytes: int | None = None) -> Answer:
        """Make a request; returns its answer, of the type that the request names.

        Args:
            request: what to do.
            trains: it trains a model, so the longer time limit holds.
            most_bytes: of arrays in the answer, if it is not the number that the request names.

        Raises:
            SubmissionError: the runner reports an exception.
            CallTimedOut: no answer in time.
            RunnerGone: the runner has ended, or its reply is malformed.
        """
        return self.exchange(request, trains, most_bytes).answer

    def exchange(self, request: Request[Answer], trains: bool = False, most_bytes: int | None = None) -> Reply[Answer]:
        """Like `ask`; returns the whole reply, with what happened on the way to the answer."""
        seconds = self._limits.training_seconds if trains else self._limits.seconds
        memory = self._process.memory
        watch = Stopwatch(memory.usage, memory.look, seconds, self._budget)
        try:
            return self._send_and_receive(request, most_bytes or request.most_bytes, watch.left)
        except DeadlinePassed:
            self.end()
            raise CallTimedOut(
                watch.seconds, watch.is_total, watch.computed, watch.was_starved, watch.stood_still
            ) from None
        except ChannelClosed:
            ending = self._process.end(is_ending=True)
            if memory.exceeded == "threads":
                raise RunnerGone(ending.status, f"started more than {MOST_THREADS} threads") from None
            out_of_memory = self._ran_out_of_memory(ending.status)
            was_killed = ending.status == -signal.SIGKILL and not out_of_memory
            raise RunnerGone(
                ending.status, "ended the program", out_of_memory, was_killed, was_killed and ending.is_from_outside
            ) from None
        except ProtocolError as error:
            self.end()
            raise RunnerGone(-signal.SIGKILL, f"broke the connection to the grader ({error})") from None
        finally:
            watch.stop()

    @property
    def peak_memory(self) -> int:
        """Bytes that the runner has used at most, so far."""
        return self._process.memory.peak

    def end(self) -> None:
        """End the runner."""
        self._process.end()

    def _send_and_receive(self, request: Request[Answer], most_bytes: int, left: Left) -> Reply[Answer]:
        number, sent = next(self._ids), list[np.ndarray]()
        structure = encode(request, sent)
        self._channel.send({"id": number, "most_bytes": most_bytes, **structure}, sent, left)
        while True:
            structure, received = self._channel.receive(left, most_bytes)
            envelope: Envelope = convert(structure, Envelope)
            if envelope.id != number:
                raise ProtocolError("a reply to another request")
            if envelope.progress is msgspec.UNSET:
                return self._read(request, envelope, received)
            self._show(envelope.progress)

    def _read(self, request: Request[Answer], envelope: Envelope, tensors: list[np.ndarray]) -> Reply[Answer]:
        printed = clean(envelope.printed[:MAX_PRINTED].expandtabs(), keep="\n")
        self.printed += f"{printed}\n" if printed else ""  # no line belongs to two calls
        self.lost += envelope.lost
        observed = fit_facts(envelope.observed)
        if isinstance(envelope.error, dict):
            raise read_error(envelope.error, observed)
        if envelope.value is msgspec.UNSET:
            raise ProtocolError("a reply without a value")
        answer: Answer = decode_answer(type(request), envelope.value, tensors)
        changed = tuple(index for index in envelope.changed if type(index) is int)
        return Reply(answer, changed, observed, printed)

    def _show(self, figures: Any) -> None:
        if self._on_progress and isinstance(figures, dict):
            self._on_progress({name: value for name, value in figures.items() if type(value) in (int, float)})

    def _ran_out_of_memory(self, status: int) -> bool:
        """True when the watch ended the runner, or when a library gave up with much memory in use."""
        memory = self._process.memory
        aborted = status in {-signal.SIGABRT, -signal.SIGSEGV} and memory.peak > memory.limit / 2
        return memory.exceeded == "memory" or aborted


def read_error(error: dict[str, Any], observed: tuple[FitFacts, ...]) -> SubmissionError:
    """An exception as the runner tells it, with harmless texts in place of whatever it says."""
    kind, text, code, function = (
        clean(str(error.get(name, "")))[:MAX_TEXT] for name in ("type", "text", "code", "function")
    )
    line = error.get("line")
    return SubmissionError(kind, text, line if type(line) is int and line > 0 else None, code, function, observed)


def clean(text: str, keep: str = "") -> str:
    """Text of a submission made harmless for a terminal: no escape sequences, no control characters, no long blanks."""
    text = ESCAPES.sub("", text)
    text = "".join(character if character.isprintable() or character in keep else " " for character in text)
    return text.rstrip().lstrip("\n") if keep else " ".join(text.split())

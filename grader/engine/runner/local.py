"""The runner in the judge's own process, so that a debugger works. For a learner's own work only.

Every value still passes through the same encoding, so the verdict is the same as from a process of its own.
"""

import bdb
import contextlib
import logging
import os
import pdb
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from grader.engine.isolation import Tier
from grader.engine.runner.exceptions import traceback_of
from grader.engine.runner.server import Runner
from grader.engine.wire.accounts import Ending, Usage
from grader.engine.wire.channel import (
    MAX_TENSOR_BYTES,
    Left,
    Message,
    decode_structure,
    decode_tensor,
    encode_structure,
    encode_tensor,
)


class LocalEngine:
    """Stands in for `grader.engine.judge.processes.Engine`: its runners are no processes."""

    def __init__(self, debug: bool, kind: type[Runner] | None = None) -> None:
        """Make an engine; ``debug`` stops where the submission raises, ``kind`` is another kind of runner."""
        self._kind = kind or (DebuggedRunner if debug else Runner)
        self.runners: list[Runner] = []

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def warm(self, runtime: str) -> None:
        """Import what the runtime needs, here."""
        if runtime == "tensorflow":
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
            with without_stderr():
                import keras  # noqa: F401

            logging.getLogger("tensorflow").setLevel(logging.ERROR)

    def tier(self, runtime: str) -> Tier:
        """Nothing isolates this runner."""
        return "none"

    def start(self, runtime: str, core: int | None = None) -> "LocalRunner":
        """Make a runner."""
        self.warm(runtime)
        self.runners.append(self._kind())
        return LocalRunner(self.runners[-1])


class LocalMemory:
    """Stands in for a MemoryWatch: it sees nothing and limits nothing."""

    peak: int = 0
    limit: int = sys.maxsize
    exceeded: Literal["memory", "threads"] | None = None
    usage = Usage()

    def look(self) -> Usage:
        """Nothing: its time is the judge's own."""
        return self.usage


class LocalRunner:
    """Stands in for a RunnerProcess and for its channel: what is sent is answered at once."""

    def __init__(self, runner: Runner) -> None:
        self.channel = self
        self.memory = LocalMemory()
        self._runner = runner
        self._replies: list[Message] = []

    def send(self, structure: dict[str, Any], tensors: Sequence[np.ndarray] = (), left: Left | None = None) -> None:
        """Carry out a request and keep the reply."""
        self._replies.append(through_the_wire(self._runner.handle(*through_the_wire((structure, list(tensors))))))

    def receive(self, left: Left | None = None, most_bytes: int = MAX_TENSOR_BYTES) -> Message:
        """The reply to the request that was sent last."""
        return self._replies.pop()

    def has_pending_data(self) -> bool:
        """False: replies are taken as soon as they are there."""
        return False

    def interrupt(self) -> None:
        """Do nothing: the thread that would be interrupted is the one that runs the submission."""

    def end(self, is_ending: bool = False) -> Ending:
        """Do nothing: this runner is the judge's own process."""
        return Ending(0)


LIBRARIES = (*{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}, str(Path(__file__).parents[2]))


def is_library(filename: str) -> bool:
    """Whether a file is Python's own, a package's or the grader's."""
    return filename.startswith((*LIBRARIES, "<frozen"))


class Debugger(pdb.Pdb):
    """Remembers how it was left: q and Ctrl-D end the command, c goes on with the next check."""

    has_quit = False

    def get_stack(self, frame: Any, trace: Any) -> tuple[list[tuple[Any, int]], int]:
        """The frames, and the one to begin at: the last of the learner's own code."""
        stack, index = super().get_stack(frame, trace)
        own = [number for number, (found, _) in enumerate(stack) if not is_library(found.f_code.co_filename)]
        return stack, own[-1] if own and trace is not None else index

    def do_quit(self, arg: str) -> bool | None:
        """Leave the debugger and the command."""
        self.has_quit = True
        return super().do_quit(arg)

    do_q = do_exit = do_quit

    def do_EOF(self, arg: str) -> bool | None:
        """Leave as q does."""
        self.message("")
        return self.do_quit(arg)


class StoppableRunner(Runner):
    """Leaves Ctrl-C to the command, although the submission may be what runs."""

    def explain(self, error: BaseException) -> dict[str, Any]:
        """Like `Runner.explain`.

        Raises:
            KeyboardInterrupt: the learner has pressed Ctrl-C while their code ran.
        """
        if issubclass(type(error), (KeyboardInterrupt, bdb.BdbQuit)):  # the latter: q at a breakpoint()
            raise KeyboardInterrupt from None
        return super().explain(error)


class DebuggedRunner(StoppableRunner):
    """Shows what the submission prints, and stops where it raises."""

    captures_output = False

    def explain(self, error: BaseException) -> dict[str, Any]:
        """Like `Runner.explain`, after a stop in the debugger; not at a stub's error or at one of syntax.

        Raises:
            KeyboardInterrupt: the learner has left the debugger, or pressed Ctrl-C while their code ran.
        """
        explained = super().explain(error)
        if (
            explained["line"]
            and explained["type"] != "NotImplementedError"
            and not issubclass(type(error), SyntaxError)
        ):
            inspect_after(error, f"{explained['type']}: {explained['text']}".rstrip(": "))
        return explained


def inspect_after(error: BaseException, described: str) -> None:
    """Say what was raised and open the debugger at the learner's line, as `pdb.post_mortem` does at the last one.

    Args:
        described: what was raised. To ask it for a text of its own may fail.

    Raises:
        KeyboardInterrupt: the learner has left it.
    """
    debugger = Debugger()
    debugger.reset()
    debugger.message(described)
    debugger.interaction(None, traceback_of(error))
    if debugger.has_quit:
        raise KeyboardInterrupt


@contextlib.contextmanager
def without_stderr() -> Iterator[None]:
    """Discard what is written to the terminal meanwhile, by libraries in C++ as well. TensorFlow logs a page of text
    while it is imported, whatever log level is set."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def through_the_wire(message: Message) -> Message:
    """A message as it would arrive at the other end of a channel."""
    structure, tensors = message
    sent = [b"".join((head, bytes(body))) for head, body in map(encode_tensor, tensors)]
    return decode_structure(encode_structure(structure)), [decode_tensor(payload) for payload in sent]

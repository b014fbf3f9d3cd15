"""The runner in the judge's own process, so that a debugger works. For one's own work only.

Every value still passes through the same encoding, so the verdict is the same as from a process of its own.
"""

import logging
import pdb
import sys
from typing import Any

import numpy as np

from grader.engine.isolation import Tier
from grader.engine.runner.server import Runner
from grader.engine.wire.channel import Message, decode_structure, decode_tensor, encode_structure, encode_tensor


class LocalEngine:
    """Stands in for `grader.engine.judge.processes.Engine`: its runners are no processes."""

    def __init__(self, debug: bool) -> None:
        self._debug = debug

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def warm(self, runtime: str) -> None:
        """Import what the runtime needs, here."""
        if runtime == "tensorflow":
            import keras  # noqa: F401

            logging.getLogger("tensorflow").setLevel(logging.ERROR)

    def tier(self, runtime: str) -> Tier:
        return "none"

    def start(self, runtime: str) -> "LocalRunner":
        self.warm(runtime)
        return LocalRunner(DebuggedRunner() if self._debug else Runner())


class LocalRunner:
    """Stands in for a RunnerProcess and for its channel: what is sent is answered at once."""

    def __init__(self, runner: Runner) -> None:
        self.channel, self.memory = self, self
        self.peak, self.exceeded, self.limit = 0, None, sys.maxsize
        self._runner = runner
        self._reply: Message | None = None

    def send(self, structure: dict[str, Any], tensors: list[np.ndarray] = (), deadline: float | None = None) -> None:
        self._reply = through_the_wire(self._runner.handle(*through_the_wire((structure, tensors))))

    def receive(self, deadline: float | None = None) -> Message:
        return self._reply

    def end(self, is_ending: bool = False) -> int:
        return 0


class DebuggedRunner(Runner):
    """Shows what the submission prints, and stops where it raises."""

    captures_output = False

    def explain(self, error: BaseException) -> dict[str, Any]:
        explained = super().explain(error)
        if explained["line"] and explained["type"] != "NotImplementedError" and not isinstance(error, SyntaxError):
            pdb.post_mortem(error.__traceback__)
        return explained


def through_the_wire(message: Message) -> Message:
    """A message as it would arrive at the other end of a channel."""
    structure, tensors = message
    sent = [b"".join((head, bytes(body))) for head, body in map(encode_tensor, tensors)]
    return decode_structure(encode_structure(structure)), [decode_tensor(payload) for payload in sent]

"""A grading without runners: what they answered to a submission is recorded once, and answered again, changed at will.

The checks, the judge and the wire's conversions are the real ones; only the processes are missing. A grading that
trains for a minute is judged again in a fraction of a second, so that thousands of dishonest answers can be tried.
"""

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.engine.wire.accounts import Usage
from grader.engine.wire.channel import Message

Change = Callable[["Asked", Message], Message]


@dataclass(frozen=True)
class Asked:
    """One request of a grading.

    Attributes:
        number: its place among the requests of its check, from 0.
        check: the name of the check that made it; empty for the loading.
        role: ``scorer``, or the runner that holds the submission: ``first`` or ``second``.
        operation: the class of the request.
        function: the learner's function that is called, if one is.
    """

    number: int
    check: str
    role: str
    operation: str
    function: str
    digest: str


@dataclass
class Tape:
    """The requests of a grading, with all messages that answered each."""

    answers: list[tuple[Asked, list[Message]]] = field(default_factory=list)

    def find(self, asked: Asked) -> list[Message]:
        """What was answered: to the same request at the same place, to an equal one, or to the most similar one."""
        same = [answer for known, answer in self.answers if known == asked]
        equal = [answer for known, answer in self.answers if (known.role, known.digest) == (asked.role, asked.digest)]
        similar = [
            answer
            for known, answer in self.answers
            if (known.operation, known.function) == (asked.operation, asked.function)
        ]
        found = same or equal or similar
        return found[-1] if found else [({"error": {"type": "KeyError", "text": "nothing of the kind"}}, [])]


class Memory:
    """Of a process that does not exist."""

    usage, exceeded, peak, limit = Usage(), None, 0, 1

    def look(self) -> Usage:
        return self.usage


class Runner:
    """A runner as the judge sees it: one that is recorded, or one that answers from a tape."""

    def __init__(self, engine: "RecordedEngine", real: Any = None) -> None:
        self.engine, self.real, self.role = engine, real, ""
        self.memory = real.memory if real else Memory()
        self.channel = self
        self.waiting: list[Message] = []

    def send(self, structure: dict[str, Any], tensors: Any = (), left: Any = None) -> None:
        self.role = self.role or self.engine.role_of(structure["operation"])
        self.asked, self.id = self.engine.asked(self.role, structure, tensors), structure["id"]
        if self.real:
            self.real.channel.send(structure, tensors, left)
            self.engine.tape.answers.append((self.asked, []))
        else:
            self.waiting = list(self.engine.tape.find(self.asked))

    def receive(self, left: Any = None, most_bytes: int = 0) -> Message:
        if self.real:
            structure, tensors = self.real.channel.receive(left, most_bytes)
            self.engine.tape.answers[-1][1].append((copy.deepcopy(structure), [t.copy() for t in tensors]))
            return structure, tensors
        structure, tensors = self.waiting.pop(0)
        message = {**copy.deepcopy(structure), "id": self.id}, [tensor.copy() for tensor in tensors]
        return message if self.waiting else self.engine.change(self.asked, message)

    def end(self, is_ending: bool = False) -> Any:
        return self.real.end(is_ending) if self.real else None

    def interrupt(self) -> None:
        if self.real:
            self.real.interrupt()


class RecordedEngine:
    """Starts runners that are recorded on a tape, or without a real engine such as answer from one.

    Args:
        tape: what is written, or read.
        real: starts real runners.
        change: of an answer's last message, on the way from the tape to the judge.
    """

    def __init__(self, tape: Tape, real: Any = None, change: Change = lambda asked, message: message) -> None:
        self.tape, self.real, self.change = tape, real, change
        self.check, self.requests, self.loaded = "", Counter[str](), 0

    def start(self, runtime: str, core: int | None = None) -> Any:
        return Runner(self, self.real.start(runtime, core) if self.real else None)

    def warm(self, runtime: str) -> None: ...

    def tier(self, runtime: str) -> Any:
        return "namespaces"

    def role_of(self, operation: str) -> str:
        if operation != "Load":
            return "scorer"
        self.loaded += 1
        return "first" if self.loaded == 1 else "second"

    def asked(self, role: str, structure: dict[str, Any], tensors: Any) -> Asked:
        said = {name: value for name, value in structure.items() if name not in ("id", "most_bytes")}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode())
        for tensor in tensors:
            digest.update(f"{tensor.dtype} {tensor.shape}".encode() + np.ascontiguousarray(tensor).tobytes())
        function = structure.get("function", "")
        self.requests[self.check] += 1
        called = function if isinstance(function, str) else "what it returned"
        return Asked(
            self.requests[self.check] - 1, self.check, role, structure["operation"], called, digest.hexdigest()
        )

"""The judge's side of the protocol: one request, one reply, a deadline."""

import itertools
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.api.errors import SubmissionError
from grader.course import Limits
from grader.engine.judge.memory import MOST_PROCESSES
from grader.engine.judge.processes import RunnerProcess
from grader.engine.judge.source import Source
from grader.engine.wire.channel import ChannelClosed, DeadlinePassed, ProtocolError
from grader.engine.wire.values import Handle, pack, unpack

OnProgress = Callable[[dict[str, Any]], None]


ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)")  # ANSI control sequences
DESCRIPTION = {  # of a model: what must be there, and of which type
    "input_shape": (tuple, type(None)),
    "output_shape": (tuple, type(None)),
    "parameters": (int,),
    "layers": (list,),
}
SETTINGS = {"optimizer": (str, type(None)), "loss": (str, type(None)), "metrics": (list,)}  # of compile, likewise
FACTS = {  # about a call of fit
    "model": int,
    "epochs": int,
    "batch_size": int,
    "rows": int,
    "validation_rows": int,
    "x_max": (int, float),
    "validation_split": (int, float),
    "x_shape": list,
    "y_shape": list,
    "validates": bool,
    "validates_on_training_rows": bool,
    "loaded_mnist": bool,
}
LAYER = {"type": str, "parameters": int, "settings": dict}
MAX_TEXT = 600  # characters of one text in an error


class RunnerGone(Exception):
    """The runner has ended, or has said something that no runner of ours says; it is killed already."""

    def __init__(self, exit_status: int, reason: str, out_of_memory: bool = False) -> None:
        super().__init__(reason)
        self.exit_status, self.out_of_memory = exit_status, out_of_memory


class CallTimedOut(Exception):
    """No answer in time; the runner is killed already."""

    def __init__(self, seconds: float, is_total: bool) -> None:
        super().__init__(f"no answer within {seconds:g} seconds")
        self.seconds, self.is_total = seconds, is_total


@dataclass(frozen=True)
class Reply:
    value: Any
    changed: tuple[int, ...]
    observed: tuple[dict[str, Any], ...]
    printed: str


class Client:
    """Drives one runner."""

    def __init__(
        self, process: RunnerProcess, limits: Limits, total_deadline: float, on_progress: OnProgress | None = None
    ) -> None:
        self._process, self._channel, self._limits = process, process.channel, limits
        self._total_deadline, self._on_progress = total_deadline, on_progress
        self._ids = itertools.count(1)
        self.printed = ""

    def warm_up(self) -> None:
        """Let the runner do once, before it has a submission, what libraries do slowly the first time."""
        self._ask("warm_up", {})

    def load(self, source: Source) -> None:
        code = np.frombuffer(source.code, np.uint8)
        self._ask("load", {"filename": source.name}, [code], self._limits.seconds)

    def call(self, function: str | Handle, arguments: list[Any], keywords: dict[str, Any], trains: bool) -> Reply:
        """Call a function of the submission by name, or one that it has returned by its handle."""
        tensors: list[np.ndarray] = []
        fields = {
            "function": pack(function, tensors, _refuse),
            "arguments": [pack(value, tensors, _refuse) for value in arguments],
            "keywords": {name: pack(value, tensors, _refuse) for name, value in keywords.items()},
        }
        limits = self._limits
        return self._ask("call", fields, tensors, limits.training_seconds if trains else limits.seconds)

    def export(self, handle: int) -> tuple[np.ndarray, list[np.ndarray]]:
        architecture, weights = self._expect(self._ask("export", {"handle": handle}).value, tuple, length=2)
        for weight in self._expect(weights, list):
            self._expect(weight, np.ndarray)
        return self._expect(architecture, np.ndarray), weights

    def rebuild(self, architecture: np.ndarray, weights: list[np.ndarray]) -> int:
        reply = self._ask("rebuild", {}, [architecture, *weights])
        return self._expect(reply.value, Handle).id

    def describe(self, handle: int) -> dict[str, Any]:
        facts = self._expect(self._ask("describe", {"handle": handle}).value, dict)
        for name, kinds in DESCRIPTION.items():
            if not isinstance(facts.get(name), kinds):
                raise ProtocolError(f"a model's {name} is missing")
        for layer in facts["layers"]:
            described = isinstance(layer, dict) and set(layer) == set(LAYER)
            if not described or not all(isinstance(layer[name], kind) for name, kind in LAYER.items()):
                raise ProtocolError("a layer is not described as layers are")
        return facts

    def predict(self, handle: int, x: np.ndarray, training: bool = False) -> Any:
        return self._ask("predict", {"handle": handle, "training": training}, [x]).value

    def train(self, handle: int, x: np.ndarray, y: np.ndarray, epochs: int, batch_size: int) -> int:
        fields = {"handle": handle, "epochs": epochs, "batch_size": batch_size}
        reply = self._ask("train", fields, [x, y], self._limits.training_seconds)
        return self._expect(reply.value, Handle).id

    def export_settings(self, handle: int) -> np.ndarray:
        return self._expect(self._ask("export_settings", {"handle": handle}).value, np.ndarray)

    def rebuild_settings(self, exported: np.ndarray) -> tuple[int | None, dict[str, Any]]:
        stand_in, settings = self._expect(self._ask("rebuild_settings", {}, [exported]).value, tuple, length=2)
        for name, kinds in SETTINGS.items():
            if not isinstance(self._expect(settings, dict).get(name), kinds):
                raise ProtocolError(f"a model's {name} is missing")
        return stand_in and self._expect(stand_in, Handle).id, settings

    def build(self, layers: list[tuple[str, dict[str, Any]]], weights: list[np.ndarray]) -> Handle:
        tensors: list[np.ndarray] = []
        node = pack(layers, tensors, _refuse)
        return self._expect(self._ask("build", {"layers": node}, [*tensors, *weights]).value, Handle)

    def simulate_training(self, handle: int, figures: dict[str, list[float]]) -> tuple[int, int]:
        epochs = self._expect(
            self._ask("simulate_training", {"handle": handle, "figures": figures}).value, tuple, length=2
        )
        return tuple(self._expect(number, int) for number in epochs)

    def loss(self, handle: int, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return self._expect(self._ask("loss", {"handle": handle}, [y_true, y_pred]).value, float)

    def read_file(self, path: str) -> np.ndarray:
        """The bytes of a file that the runner has written, as a uint8 array."""
        return self._expect(self._ask("read_file", {"path": path}).value, np.ndarray)

    def write_file(self, path: str, contents: np.ndarray) -> None:
        self._expect(self._ask("write_file", {"path": path}, [contents]).value, type(None))

    def history(self, handle: int) -> dict[str, list[float]]:
        figures = self._expect(self._ask("history", {"handle": handle}).value, dict)
        return {name: epochs for name, epochs in figures.items() if isinstance(name, str) and isinstance(epochs, list)}

    @property
    def peak_memory(self) -> int:
        return self._process.memory.peak

    def end(self) -> None:
        self._process.end()

    def _ask(
        self, operation: str, fields: dict[str, Any], tensors: list[np.ndarray] = (), seconds: float | None = None
    ) -> Reply:
        seconds = seconds or self._limits.seconds
        call_deadline = time.monotonic() + seconds
        deadline = min(call_deadline, self._total_deadline)
        number = next(self._ids)
        try:
            self._channel.send({"id": number, "operation": operation, **fields}, tensors, deadline)
            while True:
                structure, received = self._channel.receive(deadline)
                if structure.get("id") != number:
                    raise ProtocolError("a reply to another request")
                if "progress" not in structure:
                    return self._read(structure, received)
                self._show(structure["progress"])
        except DeadlinePassed:
            self.end()
            is_total = self._total_deadline <= call_deadline
            raise CallTimedOut(self._limits.total_seconds if is_total else seconds, is_total) from None
        except ChannelClosed:
            status = self._process.end(is_ending=True)
            flooded = self._process.memory.exceeded == "processes"
            reason = f"started more than {MOST_PROCESSES} processes" if flooded else "ended the program"
            raise RunnerGone(status, reason, self._ran_out_of_memory(status)) from None
        except ProtocolError as error:
            self.end()
            raise RunnerGone(-9, f"broke the connection to the grader ({error})") from None

    def _ran_out_of_memory(self, status: int) -> bool:
        """True when the watch ended the runner, or when a library gave up with much memory in use."""
        memory = self._process.memory
        aborted = status in {-signal.SIGABRT, -signal.SIGSEGV} and memory.peak > memory.limit / 2
        return memory.exceeded == "memory" or aborted

    def _read(self, structure: dict[str, Any], tensors: list[np.ndarray]) -> Reply:
        printed = clean(self._expect(structure.get("printed", ""), str), keep="\n")
        self.printed += printed
        fits = self._expect(structure.get("observed", []), list)
        observed = tuple(plain_facts(facts) for facts in fits if isinstance(facts, dict))
        if "error" in structure:
            error = self._expect(structure["error"], dict)
            line = error.get("line")
            texts = {name: clean(str(error.get(name, "")))[:MAX_TEXT] for name in ("type", "text", "code", "function")}
            raise SubmissionError(**texts, line=line if type(line) is int else None, observed=observed)
        if "value" not in structure:
            raise ProtocolError("a reply without a value")
        changed = self._expect(structure.get("changed", []), list)
        return Reply(
            unpack(structure["value"], tensors),
            tuple(index for index in changed if type(index) is int),
            observed,
            printed,
        )

    def _show(self, figures: Any) -> None:
        if self._on_progress and isinstance(figures, dict):
            numbers = {name: value for name, value in figures.items() if type(value) in (int, float)}
            self._on_progress(numbers)

    def _expect(self, value: Any, kind: type, length: int | None = None) -> Any:
        if not isinstance(value, kind) or (length is not None and len(value) != length):
            raise ProtocolError(f"a {kind.__name__} was due")
        return value


def _refuse(value: Any) -> Handle:
    raise TypeError(f"a check cannot pass a {type(value).__name__} to a submission")


def plain_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """What the runner says of a call of fit, without what it never says."""
    return {name: value for name, value in facts.items() if name in FACTS and isinstance(value, FACTS[name])}


def clean(text: str, keep: str = "") -> str:
    """Text of a submission made harmless for a terminal: no escape sequences, no control characters, no long blanks."""
    text = ESCAPES.sub("", text)
    text = "".join(character if character.isprintable() or character in keep else " " for character in text)
    return text.strip() if keep else " ".join(text.split())

"""The learner's functions of lesson 15, executed in this process, which has NumPy but not TensorFlow."""

import json
import linecache
import sys
import threading
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import CourseError
from grader.engine.judge.source import Source
from grader.engine.runner.exceptions import class_name
from grader.engine.runner.submission import run_cells, run_file
from grader.training.child import Explained, Problem

SLUG = "deployment"  # of the lesson
FUNCTIONS = ("load_exported", "predict_exported", "respond")
MODULE = "exercise"
NO_BODY = {204, 304}  # statuses whose answers hold nothing
FIRST_SECONDS = 20  # for the first answer, on a busy machine
BLANK = json.dumps({"image": [[0] * 28] * 28}).encode()  # a good request


class Misbehaved(Exception):
    """A call of `respond` has raised, or has returned no answer.

    Attributes:
        kind: equal for calls that have gone wrong in the same way.
    """

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True)
class Reply:
    """What `respond` has returned: a status, and its answer, also as JSON."""

    status: int
    answer: Any
    contents: bytes


class OwnCode:
    """The learner's file, as any program of theirs: it can do here whatever they can.

    Raises:
        CourseError: the file is not finished, raises, or needs TensorFlow, which is not there where a network runs.
    """

    def __init__(self, source: Source) -> None:
        self.name = source.name
        module = types.ModuleType(MODULE)
        sys.modules[MODULE] = module  # dataclasses look their module up
        self._functions = vars(module)
        code = source.code.decode("utf-8", "replace")
        linecache.cache[self.name] = (len(code), None, code.splitlines(keepends=True), self.name)
        forbid_tensorflow()
        with AsCourseError(), Explained(self.name, "the file"):
            if source.cells:
                run_cells(code, source.cells, FUNCTIONS, self.name, self._functions)
            else:
                run_file(source.code, self.name, self._functions)
        for function in FUNCTIONS:
            if not callable(self._functions.get(function)):
                raise CourseError(f"There is no function {function} in {self.name}. {advice()}")

    def load(self, path: Path) -> Callable[[bytes], Reply]:
        """Load an exported network with the learner's `load_exported`; returns `respond` for this network.

        It raises `Misbehaved` whenever the learner's `respond` raises, whatever that is, or returns no answer.

        Raises:
            CourseError: the learner's function is not written, or raises.
        """
        with AsCourseError(), Explained(self.name, "load_exported"):
            network = self._functions["load_exported"](str(path))
        return lambda body: self._respond(body, network)

    def expect_finished(self, respond: Callable[[bytes], Reply]) -> None:
        """Ask `respond` once, as a client would.

        Raises:
            CourseError: it has no good answer to a good request.
        """
        replies = list[Reply | Misbehaved]()

        def ask() -> None:
            try:
                replies.append(respond(BLANK))
            except Misbehaved as error:
                replies.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(FIRST_SECONDS)
        match replies:
            case []:
                said = f"respond in {self.name} has not answered a good request within {FIRST_SECONDS} seconds."
            case [Reply(status=200)]:
                return
            case [Reply(status=status)]:
                said = f"respond in {self.name} gave status {status} to a good request."
            case [problem]:
                said = str(problem)
        raise CourseError(f"{said} {advice()}")

    def _respond(self, body: bytes, network: Any) -> Reply:
        try:
            with Explained(self.name, "respond"):
                returned = self._functions["respond"](body, network)
        except BaseException as error:  # of a class of the learner's own, perhaps; the thread has other requests to do
            said = str(error) if isinstance(error, Problem) else f"respond in {self.name} raised {class_name(error)}."
            raise Misbehaved(said.partition(": ")[0], said) from None
        return self._reply(returned)

    def _reply(self, returned: Any) -> Reply:
        """What was returned, as an answer."""
        match returned:
            case (int(status), answer) if type(returned) is tuple and 200 <= status < 600 and status not in NO_BODY:
                try:
                    contents = json.dumps(answer, allow_nan=False).encode()
                except Exception as error:
                    sentence = f"respond in {self.name} returned an answer that JSON cannot hold ({error})."
                    raise Misbehaved("json", " ".join(sentence.split())[:300]) from None
                return Reply(int(status), answer, contents)
        kind = type(returned).__name__
        raise Misbehaved(f"returned {kind}", f"respond in {self.name} returned {kind}, not (status, answer).")


class AsCourseError:
    """Inside this context, a `Problem` of the learner's code becomes a `CourseError` that says how to go on."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, Problem):
            raise CourseError(f"{error} {advice()}") from None


def advice() -> str:
    return f"Check it: ./digits check {SLUG}"


def forbid_tensorflow() -> None:
    """Let every import of TensorFlow or Keras fail in this process, as it does on a small server."""
    for name in ("tensorflow", "keras"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's own way to say that it is not there

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
from grader.deployment.missing import KERAS, Missing
from grader.engine.judge.source import Source, short_name
from grader.engine.runner.exceptions import class_name
from grader.engine.runner.submission import run_cells, run_file
from grader.training.child import Explained, NotWritten, Problem

SLUG = "deployment"  # of the lesson
FUNCTIONS = ("load_exported", "predict_exported", "respond")
MODULE = "exercise"
NO_BODY = {204, 304}  # statuses whose answers hold nothing
FIRST_SECONDS = 20  # for the first answer, on a busy machine
BLANK = json.dumps({"image": [[0] * 28] * 28}).encode()  # a good request
STATUSES = range(200, 600)


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
        sys.meta_path.insert(0, Missing(KERAS.__contains__))  # as on a small server
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
            CourseError: the learner's function is not written, or raises, as it should for a file that is damaged.
        """
        with AsCourseError(path), Explained(self.name, "load_exported"):
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
            case [Reply(status=200, answer=answer)] if digit_and_probabilities(answer):
                return
            case [Reply(status=200, answer=answer)]:
                told = shortened(json.dumps(answer))
                said = f"respond in {self.name} answered without a digit and ten probabilities: {told}."
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
            case (int(status), answer) if type(returned) is tuple and not isinstance(status, bool):
                if status not in STATUSES or status in NO_BODY:
                    said = f"returned status {shortened(str(status))}: use one from 200 to 599, and not 204 or 304."
                    raise Misbehaved("status", f"respond in {self.name} {said}")
                try:
                    contents = json.dumps(answer, allow_nan=False).encode()
                except Exception as error:
                    said = f"returned an answer that JSON cannot hold ({shortened(str(error))})."
                    raise Misbehaved("json", f"respond in {self.name} {said}") from None
                return Reply(int(status), answer, contents)
        kind = type(returned).__name__
        if type(returned) is tuple:
            kind = f"({', '.join(type(part).__name__ for part in returned[:5])})"
        raise Misbehaved(f"returned {kind}", f"respond in {self.name} returned {kind}, not (status, answer).")


class AsCourseError:
    """Inside this context, a `Problem` of the learner's code becomes a `CourseError` that says how to go on.

    Args:
        file: that the code is to load, if it does; it may be damaged.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, Problem):
            said = str(error)
            if self._file and not isinstance(error, NotWritten):
                said = f"{short_name(self._file)} cannot be loaded. {said} If the file is damaged, export it again."
            raise CourseError(f"{said} {advice()}") from None


def advice() -> str:
    return f"Check your code: ./digits check {SLUG}"


def shortened(text: str) -> str:
    """A text on one line, and not all of it if it is long."""
    text = " ".join(text.split())
    return text if len(text) <= 200 else f"{text[:199]}…"


def digit_and_probabilities(answer: Any) -> tuple[int, list[float]] | None:
    """The digit and the ten probabilities of a good answer; None if it has none."""
    match answer:
        case {"digit": int(digit), "probabilities": [*probabilities]} if (
            digit in range(10) and len(probabilities) == 10
        ):
            if all(isinstance(value, (int, float)) and 0 <= value <= 1 for value in probabilities):
                return int(digit), probabilities
    return None

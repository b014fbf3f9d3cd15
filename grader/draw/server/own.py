"""The learner's own networks and their own preparation, for the page: read and run in the sandbox."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from grader.api import describe
from grader.api.errors import SubmissionError
from grader.course import CourseError, Limits, find_lesson
from grader.data import load_mnist
from grader.draw.network import Network, NotComputable, ends_in_softmax, layers_of
from grader.draw.packing import pack
from grader.engine.judge.client import CallTimedOut, Client, RunnerGone
from grader.engine.judge.clock import Budget
from grader.engine.judge.processes import AnyEngine
from grader.engine.judge.source import InvalidSubmission, read_source
from grader.engine.wire.requests import Call, Load
from grader.handwriting import network
from grader.handwriting.network import Choice, Reader, choose_model, saved
from grader.handwriting.words import brief

PREPARATION, FUNCTION = "own_handwriting", "prepare_image"
LIMITS = Limits(seconds=5, training_seconds=5, total_seconds=math.inf)  # for each drawing, however many
NETWORK_LIMITS = replace(network.LIMITS, total_seconds=math.inf)


@dataclass(frozen=True)
class Listed:
    """One of the files in ``models``: dense for models/dense.keras."""

    name: str
    path: Path

    @property
    def saved(self) -> int:
        """When the file was saved, in nanoseconds; 0 if it has gone meanwhile."""
        try:
            return self.path.stat().st_mtime_ns
        except OSError:
            return 0


def own_networks(workspace: Path) -> list[Listed]:
    """The networks that the learner has saved, by name."""
    return [Listed(path.stem, path) for path in saved(workspace)]


class OwnNetworks:
    """Opens the learner's networks, one at a time, and computes what the page cannot."""

    def __init__(self, workspace: Path, engine: AnyEngine) -> None:
        self._workspace, self._engine = workspace, engine
        self._opened: tuple[Choice, Reader] | None = None

    def packed(self, name: str) -> bytes | None:
        """A network's file for the page; None if only `probabilities` can compute it.

        Raises:
            CourseError: there is no such network, or it cannot be used.
        """
        with self._reader(name) as reader:
            about = {"title": name, "note": f"Reads {reader.accuracy:.1%} of 500 test digits correctly."}
            try:
                return pack(network_of(reader), about)
            except NotComputable:
                return None

    def probabilities(self, name: str, digit: np.ndarray) -> np.ndarray:
        """What a network makes of a digit, uint8 (28, 28): float (10,).

        Raises:
            CourseError: there is no such network, or it fails.
        """
        with self._reader(name) as reader:
            row: np.ndarray = reader.probabilities(digit[np.newaxis])[0]
            return row

    @contextmanager
    def _reader(self, name: str) -> Iterator[Reader]:
        """The network, opened: again if it is another one, or the same one saved again, and after it has failed."""
        choice = choose_model(self._path(name), self._workspace)
        try:
            if self._opened is None or self._opened[0] != choice:
                self.close()
                self._opened = choice, Reader(choice, self._engine, lambda: load_mnist()[1], NETWORK_LIMITS)
            yield self._opened[1]
        except CourseError:
            self.close()
            raise

    def close(self) -> None:
        """End the process in which the network is."""
        if self._opened:
            self._opened[1].close()
        self._opened = None

    def _path(self, name: str) -> Path:
        for listed in own_networks(self._workspace):
            if listed.name == name:
                return listed.path
        raise CourseError("This network no longer exists. Reload the page.")


def network_of(reader: Reader) -> Network:
    """A Keras model as the page computes it.

    Raises:
        NotComputable: it has something in it that the page does not know.
    """
    architecture, weights = reader.exported()
    layers = layers_of(architecture, weights)
    return Network(layers, reader.form, reader.scale, not ends_in_softmax(layers))


class OwnPreparation:
    """Calls the learner's ``prepare_image``, as it is saved now."""

    def __init__(self, workspace: Path, engine: AnyEngine) -> None:
        self.path = self.path_in(workspace)
        self._engine = engine
        self._client: tuple[bytes | None, Client] | None = None  # with the code that it holds

    @staticmethod
    def path_in(workspace: Path) -> Path:
        return find_lesson(PREPARATION).exercise_path(workspace)

    @property
    def name(self) -> str:
        """The file, as the learner knows it."""
        return f"{self.path.parent.name}/{self.path.name}"

    def prepare(self, gray: np.ndarray) -> np.ndarray:
        """A drawing, uint8 (h, w), prepared by the learner's function: uint8 (28, 28).

        Raises:
            CourseError: the function is not written, fails, or returns something else; the message says so.
        """
        client = self._runner()
        try:
            digit = client.ask(Call(FUNCTION, [gray]))
        except SubmissionError as error:
            if error.type == "NotImplementedError":
                raise CourseError(f"You have not written {FUNCTION} yet. It belongs in {self.name}.") from None
            if error.type == "MissingFunction":
                raise CourseError(f"{self.name} has no function {FUNCTION}. Add it.") from None
            if error.type == "ValueError" and "no ink" in error.text.lower():
                raise CourseError(f"Your {FUNCTION} finds no ink in this drawing.") from None
            raise CourseError(f"Your {FUNCTION} stopped with {told(error)}.") from None
        except CallTimedOut:
            self.close()
            raise CourseError(
                f"Your {FUNCTION} took longer than {LIMITS.seconds:g} seconds and was stopped. Check its loops."
            ) from None
        except RunnerGone:
            self.close()
            raise CourseError(f"Your {FUNCTION} crashed or ran out of memory.") from None
        if not isinstance(digit, np.ndarray) or digit.shape != (28, 28) or digit.dtype != np.uint8:
            raise CourseError(f"Your {FUNCTION} returned {describe(digit)} instead of uint8 (28, 28).")
        return digit

    def _runner(self) -> Client:
        try:
            source = read_source(self.path, follow_links=True)
        except InvalidSubmission as error:
            raise CourseError(f"{self.name} cannot be read: {error}") from None
        if self._client is None or self._client[0] != source.code:
            self.close()
            client = Client(self._engine.start("numpy"), LIMITS, Budget(LIMITS.total_seconds))
            self._client = None, client  # until it is loaded
            try:
                client.ask(Load(source.name, np.frombuffer(source.code, np.uint8), list(source.cells)))
            except SubmissionError as error:
                raise CourseError(f"{self.name} stopped with {told(error)}.") from None
            except CallTimedOut:
                problem = f"{self.name} did not finish loading in {LIMITS.seconds:g} seconds."
                raise CourseError(f"{problem} Move slow code into functions.") from None
            except RunnerGone:
                raise CourseError(f"{self.name} crashed or ran out of memory when it was loaded.") from None
            self._client = source.code, client
        return self._client[1]

    def close(self) -> None:
        """End the process in which the function runs."""
        if self._client:
            self._client[1].end()
        self._client = None


def told(error: SubmissionError) -> str:
    """An exception in a few words, with the line that raised it."""
    said = brief(error.summary).rstrip(".")
    return f"{said} in line {error.line}" if error.line and "line" not in said else said

"""The submission as a check sees it: an object with the learner's functions, and models with a few methods.

Every call crosses to the runner and back. What a check asks of a model is answered, wherever possible, by the model
*rebuilt* in the scorer from exported architecture and weights, so that nothing a submission overrides is believed.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from grader.api.context import Call, current
from grader.api.errors import SubmissionError
from grader.api.expect import expect_array
from grader.api.probe import Generator
from grader.api.split import Split
from grader.engine.judge.client import Client
from grader.engine.wire import requests
from grader.engine.wire.requests import Description, Layer, Settings, Shapes
from grader.engine.wire.values import ByteString, GeneratorSeed, Handle

BATCH = 1000  # images that are sent to be scored at a time

Known = TypeVar("Known")


class SubmissionProxy:
    """The learner's functions: ``submission.softmax(logits)`` calls theirs, in the runner."""

    def __init__(self, client: Callable[[], Client], scorer: Callable[[], Client]) -> None:
        self._client = client  # of the runner with the submission; started when it is first needed
        self._scorer = scorer  # of the one without it, likewise
        self._generation = 0  # counts calls: any of them may have changed any model

    def __getattr__(self, function: str) -> Callable[..., Any]:
        if function.startswith("_"):
            raise AttributeError(function)

        return functools.partial(self._call, function, function)

    @property
    def kept(self) -> "Keeping":
        """The same functions, for answers that stay in the runner: ``submission.kept.load(path)``."""
        return Keeping(self)

    def _call(self, function: str | Handle, name: str, *arguments: Any, _keeps: bool = False, **keywords: Any) -> Any:
        """Call a function by its name in the submission or by its handle; ``name`` is what the learner calls it."""
        record = Call(name, arguments, keywords)
        current().calls.append(record)
        self._generation += 1
        sent, named = as_sent(list(arguments)), as_sent(keywords)
        try:
            asked = requests.Call(function, sent, named, _keeps)
            reply = self._client().exchange(asked, current().check.trains, current().check.most_bytes)
        except SubmissionError as error:
            record.observed, record.error = error.observed, error
            raise
        record.value, record.changed_inputs = self._wrap(reply.answer), reply.changed
        record.observed = reply.observed
        return record.value

    def _wrap(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return FAMILIES[value.family](self, value)
        if type(value) in (list, tuple):
            return type(value)(self._wrap(item) for item in value)
        if type(value) is dict:
            return {key: self._wrap(item) for key, item in value.items()}
        return value


def as_sent(value: Any) -> Any:
    """An argument as it goes out: what stays in the runner as its handle, a generator as its seed, bytes as an
    array."""
    if isinstance(value, RemoteObject):
        return value.handle
    if isinstance(value, Generator):
        return GeneratorSeed(value.seed)
    if isinstance(value, bytes):
        return ByteString(np.frombuffer(value, np.uint8))
    if type(value) in (list, tuple):
        return type(value)(as_sent(item) for item in value)
    return {key: as_sent(item) for key, item in value.items()} if type(value) is dict else value


class Keeping:
    """The learner's functions, whose answers stay in the runner, so that the next call gets the very same object."""

    def __init__(self, submission: SubmissionProxy) -> None:
        self._submission = submission

    def __getattr__(self, function: str) -> Callable[..., Any]:
        if function.startswith("_"):
            raise AttributeError(function)
        return functools.partial(self._submission._call, function, function, _keeps=True)


class Files:
    """Files that the submission writes, by the path that it was given: relative, in a folder that ends with it."""

    def __init__(self, submission: SubmissionProxy) -> None:
        self._submission = submission

    def read(self, path: str) -> bytes:
        """What a file holds. An error of reading it, a missing file for instance, is the submission's."""
        return self._submission._client().ask(requests.ReadFile(path)).tobytes()

    def copy(self, path: str, to: SubmissionProxy) -> None:
        """Copy a file to another process that runs the submission."""
        contents = self._submission._client().ask(requests.ReadFile(path))
        to._client().ask(requests.WriteFile(path, contents))


class Models:
    """Small models of the check's own making, for functions that take a model."""

    def __init__(self, submission: SubmissionProxy) -> None:
        self._submission = submission

    def build(self, layers: list[tuple[str, dict[str, Any]]], weights: list[np.ndarray]) -> "Model":
        """Build a Sequential model where the submission runs.

        Args:
            layers: each layer's class in ``keras.layers`` and its arguments, the ``Input`` first.
            weights: in the order of the model's own ``get_weights``.
        """
        return Model(self._submission, self._submission._client().ask(requests.Build(layers, weights)))

    def train(
        self, layers: list[tuple[str, dict[str, Any]]], split: Split, epochs: int, batch_size: int = 64
    ) -> list[np.ndarray]:
        """Train such a model by Adam and cross-entropy, in a process without the submission; returns its weights."""
        scorer = self._submission._scorer()
        untrained = scorer.ask(requests.Build(layers, []))
        x, y = split.inputs(split.x_train), split.y_train
        trained = scorer.ask(requests.Train(untrained.id, x, y, epochs, batch_size), trains=True)
        return scorer.ask(requests.Export(trained.id)).weights


class RemoteObject:
    """A value that stays in the runner: it can be passed back to the learner's functions, and called if it is one."""

    def __init__(self, submission: SubmissionProxy, handle: Handle) -> None:
        self._submission = submission
        self.handle = handle

    @property
    def description(self) -> str:
        """The value in words, for a message."""
        return self.handle.description

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._submission._call(self.handle, "what it returned", *arguments, **keywords)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteObject) and other.handle.id == self.handle.id

    __hash__: ClassVar[None]  # type: ignore[assignment]  # two proxies of one value are equal


class History(RemoteObject):
    """What ``fit`` returned."""

    @property
    def figures(self) -> dict[str, list[float]]:
        """The learner's claim of what each epoch reached: shown to people, worth no point."""
        return self._submission._client().ask(requests.History(self.handle.id))

    @property
    def description(self) -> str:
        """The value in words, for a message."""
        return "a History"


class Callback(RemoteObject):
    """A Keras callback."""

    def simulate_training(self, figures: dict[str, list[float]]) -> tuple[int, int]:
        """Simulate a training for the callback, in which epoch after epoch reaches the given figures.

        Args:
            figures: what each epoch reaches, by name; lists of the same length.

        Returns:
            How many epochs it let happen, and which epoch's weights (counted from 1) the model is left with.
        """
        simulated = self._submission._client().ask(requests.SimulateTraining(self.handle.id, figures))
        return simulated.epochs, simulated.weights_of

    @property
    def description(self) -> str:
        """The value in words, for a message."""
        return f"a callback of type {self.handle.type}"


class UntilNextCall(Generic[Known]):
    """Something known of a model, found out again after every call of the learner's functions."""

    def __init__(self, submission: SubmissionProxy, find_out: Callable[[], Known]) -> None:
        self._submission = submission
        self._find_out = find_out
        self._known: tuple[int, Known] | None = None  # and at which generation

    def get(self) -> Known:
        """What is known, found out now unless that was done since the latest call."""
        generation = self._submission._generation
        if self._known is None or self._known[0] != generation:
            self._known = generation, self._find_out()
        return self._known[1]


@dataclass(frozen=True)
class Built:
    """A model that the scorer has built, and from which architecture."""

    scorer: Client
    architecture: bytes
    handle: int


class Model(RemoteObject):
    """A Keras model of the submission."""

    def __init__(self, submission: SubmissionProxy, handle: Handle) -> None:
        super().__init__(submission, handle)
        self._rebuilt = UntilNextCall(submission, self._rebuild)  # its handle in the scorer, if it could be rebuilt
        self._built: Built | None = None  # the last time
        self._facts = UntilNextCall(submission, self._describe)
        self._settings = UntilNextCall(submission, self._rebuild_settings)

    def predict(self, x: np.ndarray, training: bool = False) -> Any:
        """Predictions float32 for a batch of float32 inputs: the rebuilt model's, or else the runner's own claim.

        With ``training`` the layers do what they do while the model learns: dropout drops, augmentation augments.
        """
        client, handle = self._trusted()
        outputs = client.ask(requests.Predict(handle, np.asarray(x, np.float32), training))
        expect_array(outputs)
        return outputs

    def weights(self) -> list[np.ndarray]:
        """The model's weights as it says they are now, in the order of Keras's ``get_weights``."""
        return self._submission._client().ask(requests.Export(self.handle.id)).weights

    @property
    def is_self_reported(self) -> bool:
        """True when the model cannot be rebuilt, so that all we know of it is what the submission says."""
        return self._rebuilt.get() is None

    @property
    def input_shape(self) -> Shapes | None:
        """The shape of a batch of inputs, (None, 28, 28) for instance; None where the model has none yet."""
        return self._facts.get().input_shape

    @property
    def output_shape(self) -> Shapes | None:
        """The shape of a batch of outputs, (None, 10) for instance; None where the model has none yet."""
        return self._facts.get().output_shape

    @property
    def layers(self) -> list[Layer]:
        """All layers in order, those of nested models included."""
        return self._facts.get().layers

    def count_params(self) -> int:
        """How many parameters the model has, trained or not; 0 while it is not built."""
        return self._facts.get().parameters

    @property
    def compiled(self) -> dict[str, Any]:
        """``optimizer``, ``loss`` and ``metrics`` by name; None and [] where the model is not compiled. An optimizer
        that Keras does not have is None too."""
        settings = self._settings.get()
        return {"optimizer": settings.optimizer, "loss": settings.loss, "metrics": settings.metrics}

    def loss(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        """What the compiled loss makes of predictions (n, k) for labels (n,) or one-hot rows (n, k): the loss of Keras,
        set as the submission set it, or else (an own function) the runner's claim.

        Raises:
            SubmissionError: the loss does not accept labels of that form.
        """
        stand_in = self._settings.get().stand_in
        if stand_in is None:
            current().flags.append("self-reported")
            return self._submission._client().ask(requests.Loss(self.handle.id, y_true, y_pred))
        return self._submission._scorer().ask(requests.Loss(stand_in.id, y_true, y_pred))

    def accuracy(self, split: Split, num_test: int | None = None) -> float:
        """The share of test images that the model, as it is now, gets right.

        The weights are exported first; only then do test images leave the judge, and never the labels. They go out as
        ``split.inputs`` makes them.
        """
        return self._accuracy(*self._trusted(), split, num_test)

    def accuracy_by_design(self, split: Split, epochs: int, batch_size: int = 64) -> float:
        """The share of test images that the model's architecture gets right when the scorer trains it from fresh
        weights on the split by Adam and cross-entropy: what the design can earn, without any code of the submission."""
        client, handle = self._trusted()
        x, y = split.inputs(split.x_train), split.y_train
        trained = client.ask(requests.Train(handle, x, y, epochs, batch_size), trains=True)
        return self._accuracy(client, trained.id, split)

    def _accuracy(self, client: Client, handle: int, split: Split, num_test: int | None = None) -> float:
        images, labels = split.x_test[:num_test], split.y_test[:num_test]
        predicted = np.full(len(images), -1)
        orders = [np.arange(len(images))]
        if self.is_self_reported:  # asked twice, in two orders: it must agree with itself
            shuffle = np.random.default_rng()
            orders = [shuffle.permutation(len(images)), shuffle.permutation(len(images))]
        answers = []
        for order in orders:
            for start in range(0, len(images), BATCH):
                rows = order[start : start + BATCH]
                outputs = client.ask(requests.Predict(handle, split.inputs(images[rows])))
                predicted[rows] = classes_of(outputs, len(rows))
            answers.append(predicted.copy())
        agreed = np.all([answer == answers[0] for answer in answers], axis=0)
        return float(np.mean(agreed & (answers[0] == labels)))

    def _trusted(self) -> tuple[Client, int]:
        """Where to ask about this model: the scorer, or the runner itself if the model cannot be rebuilt."""
        rebuilt = self._rebuilt.get()
        if rebuilt is None:
            return self._submission._client(), self.handle.id
        return self._submission._scorer(), rebuilt

    def _rebuild(self) -> int | None:
        try:
            exported = self._submission._client().ask(requests.Export(self.handle.id))
            scorer, architecture = self._submission._scorer(), exported.architecture.tobytes()
            earlier = None  # while only the weights change, the scorer builds and compiles nothing again
            if self._built and (self._built.scorer, self._built.architecture) == (scorer, architecture):
                earlier = self._built.handle
            handle = scorer.ask(requests.Rebuild(exported.architecture, exported.weights, earlier)).id
            self._built = Built(scorer, architecture, handle)
            return handle
        except SubmissionError:
            current().flags.append("self-reported")
            return None

    def _describe(self) -> Description:
        client, handle = self._trusted()
        return client.ask(requests.Describe(handle))

    def _rebuild_settings(self) -> Settings:
        try:
            exported = self._submission._client().ask(requests.ExportSettings(self.handle.id))
            return self._submission._scorer().ask(requests.RebuildSettings(exported))
        except SubmissionError:
            return Settings(optimizer=None, loss=None, metrics=[], stand_in=None)


FAMILIES: dict[str, type[RemoteObject]] = {
    "model": Model,
    "history": History,
    "callback": Callback,
    "object": RemoteObject,
}


def classes_of(outputs: Any, count: int) -> np.ndarray:
    """Predicted classes of a batch of outputs; -1, which is never right, where they are not (count, k) real numbers."""
    if not isinstance(outputs, np.ndarray) or outputs.ndim != 2 or len(outputs) != count or outputs.dtype.kind != "f":
        return np.full(count, -1)
    return np.where(np.isfinite(outputs).all(axis=1), np.argmax(outputs, axis=1), -1)

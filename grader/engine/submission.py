"""The submission as a check sees it: an object with the learner's functions, and models with a few methods.

Every call crosses to the runner and back. What a check asks of a model is answered, wherever possible, by the model
*rebuilt* in the scorer from exported architecture and weights, so that nothing a submission overrides is believed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.api.context import Call, current
from grader.api.errors import SubmissionError
from grader.api.expect import expect_array
from grader.api.split import Split
from grader.engine.client import Client
from grader.engine.values import Handle

BATCH = 500  # images that are sent to be scored at a time


class Submission:
    """The learner's functions: ``submission.softmax(logits)`` calls theirs, in the runner."""

    def __init__(self, client: Callable[[], Client], scorer: Callable[[], Client]) -> None:
        self._client, self._scorer = client, scorer
        self._generation = 0  # counts calls: any of them may have changed any model

    def __getattr__(self, function: str) -> Callable[..., Any]:
        if function.startswith("_"):
            raise AttributeError(function)

        def call(*arguments: Any, **keywords: Any) -> Any:
            record = Call(function, arguments, keywords)
            current().calls.append(record)
            self._generation += 1
            sent = [argument.handle if isinstance(argument, Remote) else argument for argument in arguments]
            try:
                reply = self._client().call(function, sent, keywords, trains=current().check.trains)
            except SubmissionError as error:
                record.observed = error.observed
                raise
            record.value, record.changed_inputs = self._wrap(reply.value), reply.changed
            record.observed = reply.observed
            return record.value

        return call

    def _wrap(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return {"model": Model, "history": History}.get(value.family, Remote)(self, value)
        if type(value) in (list, tuple):
            return type(value)(self._wrap(item) for item in value)
        if type(value) is dict:
            return {key: self._wrap(item) for key, item in value.items()}
        return value


class Remote:
    """A value that stays in the runner and can be passed back to the learner's functions."""

    def __init__(self, submission: Submission, handle: Handle) -> None:
        self._submission, self.handle = submission, handle

    @property
    def description(self) -> str:
        return self.handle.description

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remote) and other.handle.id == self.handle.id

    __hash__ = None


class History(Remote):
    """What ``fit`` returned."""

    @property
    def figures(self) -> dict[str, list[float]]:
        """The learner's claim of what each epoch reached: shown to people, worth no point."""
        return self._submission._client().history(self.handle.id)

    @property
    def description(self) -> str:
        return "a History"


@dataclass(frozen=True)
class Layer:
    """One layer: its class, its number of parameters and the settings that matter."""

    type: str
    parameters: int
    settings: dict[str, Any]


class Model(Remote):
    """A Keras model of the submission."""

    def __init__(self, submission: Submission, handle: Handle) -> None:
        super().__init__(submission, handle)
        self._rebuilt: tuple[int, int | None] | None = None  # at which generation; the scorer's handle
        self._facts: tuple[int, dict[str, Any]] | None = None

    def predict(self, x: np.ndarray) -> Any:
        """Predictions float32 for a batch of float32 inputs: the rebuilt model's, or else the runner's own claim."""
        client, handle = self._trusted()
        outputs = client.predict(handle, np.asarray(x, np.float32))
        expect_array(outputs)
        return outputs

    @property
    def is_self_reported(self) -> bool:
        """True when the model cannot be rebuilt, so that all we know of it is what the submission says."""
        self._trusted()
        return self._rebuilt[1] is None

    @property
    def input_shape(self) -> tuple | None:
        return self._describe()["input_shape"]

    @property
    def output_shape(self) -> tuple | None:
        return self._describe()["output_shape"]

    @property
    def layers(self) -> list[Layer]:
        """All layers in order, those of nested models included."""
        return [Layer(**layer) for layer in self._describe()["layers"]]

    def count_params(self) -> int:
        return self._describe()["parameters"]

    @property
    def compiled(self) -> dict[str, Any]:
        """Optimizer, loss and metrics by name, as the submission compiled the model; None and [] if it did not."""
        facts = self._submission._client().describe(self.handle.id)
        return {name: facts[name] for name in ("optimizer", "loss", "metrics")}

    def loss(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        """What the compiled loss makes of predictions (n, k) for labels (n,) or one-hot rows (n, k).

        Raises:
            SubmissionError: the loss does not accept labels of that form.
        """
        return self._submission._client().loss(self.handle.id, y_true, y_pred)

    def accuracy(self, split: Split, num_test: int | None = None) -> float:
        """The share of test images that the model, as it is now, gets right.

        The weights are exported first; only then do test images leave the judge, and never the labels. They go out as
        ``split.inputs`` makes them.
        """
        client, handle = self._trusted()
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
                outputs = client.predict(handle, split.inputs(images[rows]))
                predicted[rows] = classes_of(outputs, len(rows))
            answers.append(predicted.copy())
        agreed = np.all([answer == answers[0] for answer in answers], axis=0)
        return float(np.mean(agreed & (answers[0] == labels)))

    def _trusted(self) -> tuple[Client, int]:
        """Where to ask about this model: the scorer, or the runner itself if the model cannot be rebuilt."""
        generation = self._submission._generation
        if self._rebuilt is None or self._rebuilt[0] != generation:
            self._rebuilt = (generation, self._rebuild())
            if self._rebuilt[1] is None:
                current().flags.append("self-reported")
        if self._rebuilt[1] is None:
            return self._submission._client(), self.handle.id
        return self._submission._scorer(), self._rebuilt[1]

    def _rebuild(self) -> int | None:
        try:
            architecture, weights = self._submission._client().export(self.handle.id)
            return self._submission._scorer().rebuild(architecture, weights)
        except SubmissionError:
            return None

    def _describe(self) -> dict[str, Any]:
        generation = self._submission._generation
        if self._facts is None or self._facts[0] != generation:
            client, handle = self._trusted()
            self._facts = (generation, client.describe(handle))
        return self._facts[1]


def classes_of(outputs: Any, count: int) -> np.ndarray:
    """Predicted classes of a batch of outputs; -1, which is never right, where they are not (count, k) real numbers."""
    if not isinstance(outputs, np.ndarray) or outputs.ndim != 2 or len(outputs) != count or outputs.dtype.kind != "f":
        return np.full(count, -1)
    return np.where(np.isfinite(outputs).all(axis=1), np.argmax(outputs, axis=1), -1)

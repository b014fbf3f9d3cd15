"""What a training process tells the command that started it: one JSON object per line.

``{"place": …}`` how far the epoch in progress is, ``{"epoch": …}`` the figures of a finished one, ``{"printed": …}``
what the learner's code prints, ``{"done": …}`` the test digits as read at the end, or ``{"problem": …}``, a sentence.
"""

import contextlib
import functools
import inspect
import io
import json
import math
import time
from collections.abc import Callable
from typing import Any, TextIO

import numpy as np

SECONDS_BETWEEN_PLACES = 0.1
FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


class Reports:
    """Sends reports, and counts epochs: a training may call ``fit`` once, or once for each epoch."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._epochs, self._last, self._began = 0, 0.0, time.monotonic()

    def send(self, **report: Any) -> None:
        self._stream.write(json.dumps(report) + "\n")
        self._stream.flush()

    def place(self, share: float, figures: dict[str, Any]) -> None:
        """How much of the epoch in progress is done, 0 to 1, unless that was told just now."""
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_PLACES:
            self._last = now
            self.send(place={"epoch": self._epochs, "share": share} | finite(figures))

    def epoch(self, figures: dict[str, Any]) -> None:
        """An epoch has ended."""
        now = time.monotonic()
        self.send(epoch={"epoch": self._epochs, "seconds": now - self._began} | finite(figures))
        self._epochs, self._began = self._epochs + 1, now

    def begin(self) -> None:
        """Training begins: what was done before does not count as time of the first epoch."""
        self._began = time.monotonic()


class Printed(io.TextIOBase):
    """A text stream that passes on what is printed, in whole lines where possible."""

    def __init__(self, reports: Reports) -> None:
        self._reports, self._line = reports, ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._line = (self._line + text).rsplit("\n", 1) if "\n" in text else (self._line + text,)
        for line in lines:
            self._reports.send(printed=line)
        return len(text)

    def finish(self) -> None:
        """Pass on a line that has no end."""
        if self._line:
            self.write("\n")


def finite(figures: dict[str, Any]) -> dict[str, float]:
    """Those of the four figures of a training that are numbers."""
    known = {}
    for name in FIGURES:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            known[name] = float(figures[name])
    return {name: value for name, value in known.items() if math.isfinite(value)}


def watch_fit(reports: Reports) -> None:
    """Let every ``fit`` of Keras report, and be silent otherwise."""
    import keras

    class Reporter(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
            reports.place((batch + 1) / (self.params.get("steps") or math.inf), logs or {})

        def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            reports.epoch(with_accuracy(logs or {}))

    keras_fit = keras.Model.fit
    signature = inspect.signature(keras_fit)

    @functools.wraps(keras_fit)
    def fit(model: Any, *arguments: Any, **settings: Any) -> Any:
        given = signature.bind(model, *arguments, **settings)
        callbacks = given.arguments.get("callbacks")
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(Reporter())
        else:
            own = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
            given.arguments["callbacks"] = [*own, Reporter()]
        given.arguments["verbose"] = 0
        return keras_fit(*given.args, **given.kwargs)

    keras.Model.fit = fit


def with_accuracy(logs: dict[str, Any]) -> dict[str, Any]:
    """The figures of an epoch, whatever the metric of the accuracy is called: categorical_accuracy, acc."""
    renamed = dict(logs)
    for name, value in logs.items():
        if "acc" in name:
            renamed.setdefault("val_accuracy" if name.startswith("val_") else "accuracy", value)
    return renamed


class Watch:
    """Counts the rows that a training loop in NumPy learns from, and what they cost; tells of each epoch."""

    def __init__(self, reports: Reports, rows: int) -> None:
        self._reports, self._rows = reports, rows
        self._seen, self._costs, self._right = 0, 0.0, 0.0

    def batch(self, logits: np.ndarray, labels: np.ndarray) -> None:
        """One step: logits (n, k) before it, and labels (n,)."""
        shifted = logits - logits.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self._seen += len(labels)
        self._costs -= float(logs[np.arange(len(labels)), labels].sum())
        self._right += float((logits.argmax(axis=1) == labels).sum())
        figures = {"loss": self._costs / self._seen, "accuracy": self._right / self._seen}
        if self._seen < self._rows:
            self._reports.place(self._seen / self._rows, figures)
        else:
            self._reports.epoch(figures)
            self._seen, self._costs, self._right = 0, 0.0, 0.0


def watch_numpy(namespace: dict[str, Any], reports: Reports, rows: int) -> None:
    """Let the training loops of lessons 3 and 4 report: wrap the functions that each of their steps calls."""
    watch, logits = Watch(reports, rows), list[np.ndarray]()
    gradients, forward, backward = (namespace.get(name) for name in ("gradients", "forward", "backward"))

    def watched_gradients(x: np.ndarray, labels: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> Any:
        quietly(lambda: watch.batch(x @ weights + bias, labels))
        return gradients(x, labels, weights, bias)  # type: ignore[misc]

    def watched_forward(x: np.ndarray, params: Any) -> Any:
        result = forward(x, params)  # type: ignore[misc]
        quietly(lambda: logits.__setitem__(slice(None), [result[0]]))
        return result

    def watched_backward(cache: Any, labels: np.ndarray, params: Any) -> Any:
        quietly(lambda: watch.batch(logits[0], labels))
        return backward(cache, labels, params)  # type: ignore[misc]

    watched: dict[str, Callable[..., Any]] = {"gradients": watched_gradients} if callable(gradients) else {}
    if callable(forward) and callable(backward):
        watched |= {"forward": watched_forward, "backward": watched_backward}
    namespace.update(watched)


def quietly(look: Callable[[], Any]) -> None:
    """Look at a step of the learner's own training. Whatever is unusual about it is theirs to hear from Python."""
    with contextlib.suppress(Exception), np.errstate(all="ignore"):
        look()

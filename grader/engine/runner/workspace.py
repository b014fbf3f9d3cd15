"""What a runner keeps between two requests. Every operation is given it."""

import sys
import types
from typing import Any

import numpy as np

from grader.engine.wire.channel import Channel
from grader.engine.wire.requests import FitFacts
from grader.engine.wire.values import ByteString, Family, GeneratorSeed, Handle, Unreadable

ARRAY_MAKERS = ("tensorflow", "keras", "jax", "torch")  # libraries whose arrays count as arrays


class Workspace:
    """The submission's module, and the values that stay here while the judge knows them by a handle."""

    def __init__(self, channel: Channel | None) -> None:
        self.channel = channel
        self.request_id = 0
        self.filename = ""  # of the submission, as the learner knows it
        self.module: types.ModuleType | None = None  # none in the scorer
        self.kept: dict[int, Any] = {}  # by handle
        self.arguments: list[Any] = []  # of the call in progress
        self.observed: list[FitFacts] = []  # what was seen of calls of fit during this request

    def progress(self, **figures: Any) -> None:
        """Tell the judge's display how training goes. In the judge's own process there is no display to tell."""
        if self.channel:
            self.channel.send({"id": self.request_id, "progress": figures})

    def keep(self, value: Any) -> Handle | Unreadable | np.ndarray:
        """What is sent instead of a value that has no form in a message: a tensor's array, or else a handle."""
        if type(value).__module__.startswith(ARRAY_MAKERS) and hasattr(value, "__array__"):
            return np.asarray(value)
        return self.handle_of(value)

    def handle_of(self, value: Any) -> Handle:
        """Keep a value here and give it a handle; the same object always gets the same one."""
        handle = Handle(id(value), type(value).__name__, family_of(value))
        self.kept[handle.id] = value
        return handle

    def resolve(self, value: Handle | GeneratorSeed | ByteString) -> Any:
        """What a handle, a seed or a string of bytes in a request stands for; raises KeyError for a handle that was
        never given."""
        if isinstance(value, ByteString):
            return value.content.tobytes()
        return np.random.default_rng(value.value) if isinstance(value, GeneratorSeed) else self.kept[value.id]

    def given(self, value: Any) -> Any:
        """An argument that was sent, as a function of the submission gets it; arrays are copies."""
        if isinstance(value, Handle | GeneratorSeed | ByteString):
            return self.resolve(value)
        if type(value) in (list, tuple):
            return type(value)(self.given(item) for item in value)
        if type(value) is dict:
            return {key: self.given(item) for key, item in value.items()}
        return value.copy() if isinstance(value, np.ndarray) else value


def family_of(value: Any) -> Family:
    """What the judge may do with a value that stays here."""
    keras = sys.modules.get("keras")
    if keras and isinstance(value, keras.Model):
        return "model"
    if keras and isinstance(value, keras.callbacks.History):
        return "history"
    if keras and isinstance(value, keras.callbacks.Callback):
        return "callback"
    return "object"

"""The runner: holds the submission's code and answers the judge's requests, one at a time.

Everything in this process is in the hands of the submission once that is loaded, so nothing here is a safeguard and
nothing that leaves here is more than a claim. The same program, without a submission, is the *scorer* that rebuilds
exported models.
"""

import contextlib
import importlib
import io
import linecache
import sys
import traceback
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.engine.wire.channel import Channel, ChannelClosed, ProtocolError
from grader.engine.wire.values import GeneratorSeed, Handle, Unreadable, pack, unpack

MODULE = "submission"
NOTEBOOK = "grader.notebook"  # what a notebook asks to be checked with
MAX_PRINTED = 2000  # characters of output that are kept of one request
MAX_ERROR_TEXT = 500
FEW = 64  # images
SLOW_TO_IMPORT = ("scipy.ndimage", "PIL.Image")  # that NumPy exercises may import
ARRAY_MAKERS = ("tensorflow", "keras", "jax", "torch")  # libraries whose arrays count as arrays


class Runner:
    """Answers requests. ``handle`` takes a message and returns the reply's message."""

    captures_output = True

    def __init__(self, channel: Channel | None = None) -> None:
        self.channel = channel
        self.module: types.ModuleType | None = None
        self.filename = ""
        self.kept: dict[int, Any] = {}
        self.request_id = 0
        self.observed: list[dict[str, Any]] = []  # what was seen of calls to Model.fit during this request
        self.arguments: list[Any] = []  # of the call in progress

    def serve(self) -> None:
        """Answer requests until the judge closes the socket."""
        while True:
            try:
                reply, tensors = self.handle(*self.channel.receive())
                self.channel.send(reply, tensors)
            except ChannelClosed:
                return

    def handle(self, request: dict[str, Any], tensors: list[np.ndarray]) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Carry out one request: ``{"id", "operation", …}`` becomes ``{"id", "value" or "error", "printed", …}``."""
        self.request_id, self.observed = request["id"], []
        reply: dict[str, Any] = {"id": request["id"]}
        out: list[np.ndarray] = []
        with captured_output() if self.captures_output else contextlib.nullcontext(BoundedText()) as printed:
            try:
                value = OPERATIONS[request["operation"]](self, request, tensors)
                reply |= {"value": pack(value, out, self.keep), "changed": request.get("changed", [])}
            except BaseException as error:  # SystemExit and KeyboardInterrupt are a submission's, not ours
                out.clear()
                reply["error"] = self.explain(error)
        reply["printed"] = printed.kept()
        reply["observed"] = self.observed
        return reply, out

    def progress(self, **figures: Any) -> None:
        """Tell the judge's display how training goes. In the judge's own process there is nobody to tell."""
        if self.channel:
            self.channel.send({"id": self.request_id, "progress": figures})

    def keep(self, value: Any) -> Handle | Unreadable | np.ndarray:
        """Give a handle to a value that stays here; the same object always gets the same one. Tensors are arrays."""
        if type(value).__module__.startswith(ARRAY_MAKERS) and hasattr(value, "__array__"):
            return np.asarray(value)
        handle = Handle(id(value), type(value).__name__, family_of(value))
        self.kept[handle.id] = value
        return handle

    def explain(self, error: BaseException) -> dict[str, Any]:
        """What the learner needs to know of an exception: its text, and the last line of their own that it passed."""
        try:
            text = str(error)[:MAX_ERROR_TEXT]
        except BaseException:
            text = ""
        explained = {"type": type(error).__name__, "text": text, "line": None, "code": "", "function": ""}
        if isinstance(error, SyntaxError) and error.filename == self.filename:
            return explained | {"text": str(error.msg), "line": error.lineno, "code": (error.text or "").strip()[:200]}
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename == self.filename:
                explained |= {"line": frame.lineno, "code": (frame.line or "")[:200], "function": frame.name}
        return explained

    # Operations. Each takes the request and its tensors and returns a value.

    def warm_up(self, request: dict[str, Any], tensors: list[np.ndarray]) -> None:
        if "keras" in sys.modules:
            from grader.engine.runner.operations import models

            models.warm_up()
        else:
            for library in SLOW_TO_IMPORT:
                with contextlib.suppress(ImportError):
                    importlib.import_module(library)

    def load(self, request: dict[str, Any], tensors: list[np.ndarray]) -> None:
        """Execute the submission's file as a module. Registered first: dataclasses look their module up."""
        if "keras" in sys.modules:
            from grader.engine.runner.operations import training

            training.watch(self)
        source = tensors[0].tobytes()
        self.filename = request["filename"]
        self.module = types.ModuleType(MODULE)
        self.module.__file__ = self.filename
        sys.modules[MODULE] = self.module
        sys.modules.setdefault(NOTEBOOK, notebook_stub())
        try:
            code = compile(source, self.filename, "exec", dont_inherit=True)
        except (MemoryError, RecursionError):
            raise SyntaxError("an expression is nested too deeply") from None
        lines = source.decode("utf-8", "replace").splitlines(keepends=True)
        linecache.cache[self.filename] = (len(source), None, lines, self.filename)
        exec(code, self.module.__dict__)

    def call(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        """Call a function of the submission and note which of its arguments it has changed."""
        function = unpack(request["function"], tensors, self.resolve)
        function = getattr(self.module, function, None) if isinstance(function, str) else function
        if not callable(function):
            raise MissingFunction(request["function"])
        self.arguments = [unpack(node, tensors, self.resolve) for node in request["arguments"]]
        keywords = {name: unpack(node, tensors, self.resolve) for name, node in request["keywords"].items()}
        arrays = [arrays_in(argument) for argument in self.arguments]
        before = [[array.copy() for array in inside] for inside in arrays]
        result = function(*self.arguments, **keywords)
        request["changed"] = [
            index
            for index, (old, new) in enumerate(zip(before, map(arrays_in, self.arguments), strict=True))
            if len(old) != len(new) or not all(map(unchanged, old, new))
        ]
        return result

    def export(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.export(self.kept[request["handle"]])

    def rebuild(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.rebuild(tensors[0].tobytes().decode(), tensors[1:])

    def describe(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.describe(self.kept[request["handle"]])

    def predict(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        model = self.kept[request["handle"]]
        if request["training"]:
            return np.asarray(model(tensors[0], training=True))
        if self.module is None and len(tensors[0]) <= FEW:  # a rebuilt model: for a few images, compiling does not pay
            return np.asarray(model(tensors[0], training=False))
        return model.predict_on_batch(tensors[0])

    def loss(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.loss(self.kept[request["handle"]], *tensors)

    def train(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.train(self.kept[request["handle"]], *tensors, request["epochs"], request["batch_size"])

    def export_settings(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.export_settings(self.kept[request["handle"]])

    def rebuild_settings(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.rebuild_settings(tensors[0].tobytes().decode())

    def build(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import models

        return models.build(unpack(request["layers"], []), tensors)

    def simulate_training(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        from grader.engine.runner.operations import training

        return training.simulate_training(self.kept[request["handle"]], request["figures"])

    def read_file(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        return np.fromfile(request["path"], np.uint8)

    def write_file(self, request: dict[str, Any], tensors: list[np.ndarray]) -> None:
        tensors[0].tofile(request["path"])

    def history(self, request: dict[str, Any], tensors: list[np.ndarray]) -> Any:
        return self.kept[request["handle"]].history

    def resolve(self, value: Handle | GeneratorSeed) -> Any:
        return np.random.default_rng(value.value) if isinstance(value, GeneratorSeed) else self.kept[value.id]


OPERATIONS = {
    name: getattr(Runner, name)
    for name in """warm_up load call export rebuild export_settings rebuild_settings build describe predict loss history
    simulate_training train read_file write_file""".split()
}


class MissingFunction(Exception):
    """The submission defines no function of that name."""


class BoundedText(io.TextIOBase):
    """Takes any amount of output and keeps the beginning."""

    def __init__(self) -> None:
        self._text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self._text) < MAX_PRINTED:
            self._text += text[: MAX_PRINTED - len(self._text)]
        return len(text)

    def kept(self) -> str:
        return self._text.encode("utf-8", "replace").decode()


def notebook_stub() -> types.ModuleType:
    """Stands in for `grader.notebook`, since a submission that asks to be checked is being checked already."""
    module = types.ModuleType(NOTEBOOK)
    module.check = module.points = lambda *arguments, **keywords: None
    return module


@contextlib.contextmanager
def captured_output() -> Iterator[BoundedText]:
    captured = BoundedText()
    with contextlib.redirect_stdout(captured), contextlib.redirect_stderr(captured):
        yield captured


def arrays_in(value: Any) -> list[np.ndarray]:
    """The arrays in an argument: itself, or those that a list, a tuple or a dictionary holds."""
    if isinstance(value, np.ndarray):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [array for item in inside for array in arrays_in(item)]


def unchanged(old: np.ndarray, new: np.ndarray) -> bool:
    return old.shape == new.shape and old.dtype == new.dtype and np.array_equal(old, new)


def family_of(value: Any) -> str:
    """What the judge may do with a value that stays here."""
    keras = sys.modules.get("keras")
    if keras and isinstance(value, keras.Model):
        return "model"
    if keras and isinstance(value, keras.callbacks.History):
        return "history"
    if keras and isinstance(value, keras.callbacks.Callback):
        return "callback"
    return "object"


def serve(channel: Channel) -> None:
    """The whole life of a runner's process."""
    with contextlib.suppress(ProtocolError):
        Runner(channel).serve()

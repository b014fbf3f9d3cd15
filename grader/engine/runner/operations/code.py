"""The submission's own code: loaded as a module, and called."""

import contextlib
import importlib
import linecache
import sys
import types
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.engine.runner import numpy_alone
from grader.engine.runner.operations.registry import operation
from grader.engine.runner.submission import run_cells, run_file
from grader.engine.runner.workspace import Workspace
from grader.engine.wire.requests import Call, Executed, Load, WarmUp
from grader.engine.wire.values import arrays_in

MODULE = "submission"
NOTEBOOK = "grader.notebook"  # what a notebook asks to be checked with
SLOW_TO_IMPORT = ("scipy.ndimage", "PIL.Image")  # that NumPy exercises may import


class MissingFunction(Exception):
    """The submission defines no function of that name."""


@dataclass(frozen=True)
class Result:
    """What a call of a function came to."""

    value: Any
    changed: list[int]  # the positional arguments that it has written into, counted from 0


@operation(WarmUp)
def warm_up(workspace: Workspace, request: WarmUp) -> None:
    """Import what is slow to import; with Keras, run a small model once."""
    if "keras" in sys.modules:
        from grader.engine.runner.operations import training

        training.warm_up()
        return
    for library in SLOW_TO_IMPORT:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)


@operation(Load)
def load(workspace: Workspace, request: Load) -> Executed:
    """Execute the submission as a module. Registered first: dataclasses look their module up."""
    if request.numpy_alone and workspace.channel:  # in the judge's own process, others need their libraries
        numpy_alone.enforce()
    elif "keras" in sys.modules:
        from grader.engine.runner import fits

        fits.watch(workspace)
    source = request.code.tobytes()
    workspace.filename = request.filename
    workspace.module = types.ModuleType(MODULE)
    workspace.module.__file__ = workspace.filename
    sys.modules[MODULE] = workspace.module
    sys.modules.setdefault(NOTEBOOK, notebook_stub())
    lines = source.decode("utf-8", "replace").splitlines(keepends=True)
    linecache.cache[workspace.filename] = (len(source), None, lines, workspace.filename)
    namespace = vars(workspace.module)
    if request.cells:
        return Executed(run_cells(source.decode(), request.cells, request.wanted, workspace.filename, namespace))
    return Executed(run_file(source, workspace.filename, namespace))


@operation(Call)
def call(workspace: Workspace, request: Call) -> Result:
    """Call a function of the submission and note which of its arguments it has changed."""
    function: Any = request.function
    if isinstance(function, str):
        function = getattr(workspace.module, function, None)
    if not callable(function):
        raise MissingFunction(request.function)
    workspace.arguments = request.arguments
    before = [[array.copy() for array in arrays_in(argument)] for argument in request.arguments]
    value = function(*request.arguments, **request.keywords)
    after = [arrays_in(argument) for argument in request.arguments]
    changed = [
        index
        for index, (old, new) in enumerate(zip(before, after, strict=True))
        if len(old) != len(new) or not all(map(unchanged, old, new))
    ]
    return Result(workspace.handle_of(value) if request.keeps and value is not None else value, changed)


def unchanged(old: np.ndarray, new: np.ndarray) -> bool:
    """True when two arrays have the same shape, dtype and values."""
    return old.shape == new.shape and old.dtype == new.dtype and np.array_equal(old, new)


def notebook_stub() -> types.ModuleType:
    """Stands in for `grader.notebook`, since a submission that asks to be checked is being checked already."""
    module = types.ModuleType(NOTEBOOK)
    for name in ("check", "points"):
        setattr(module, name, lambda *arguments, **keywords: None)
    return module

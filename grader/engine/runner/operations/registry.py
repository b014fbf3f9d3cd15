"""Which function carries out which request."""

from collections.abc import Callable
from typing import Any, TypeVar

from grader.engine.runner.workspace import Workspace
from grader.engine.wire.requests import Request

AnyRequest = TypeVar("AnyRequest", bound=Request[Any])
Function = Callable[[Workspace, Any], Any]

OPERATIONS: dict[str, tuple[type[Request[Any]], Function]] = {}  # by the name of the request's class


def operation(kind: type[AnyRequest]) -> Callable[[Callable[[Workspace, AnyRequest], Any]], Function]:
    """Register the function that carries out a kind of request. It returns what the request names as its answer."""

    def register(function: Callable[[Workspace, AnyRequest], Any]) -> Function:
        OPERATIONS[kind.__name__] = kind, function
        return function

    return register

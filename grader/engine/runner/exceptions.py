"""What is read of the submission's exceptions. Their classes may redefine every attribute, and any may raise."""

import traceback
from collections.abc import Collection
from types import TracebackType
from typing import cast

MOST_LINES = 2**31


def class_name(error: BaseException) -> str:
    """The name of its class, whatever its metaclass says."""
    name: str = vars(type)["__name__"].__get__(type(error))
    return name


def text_of(value: object, most: int) -> str:
    """The beginning of what ``str`` makes of it; nothing if that raises."""
    try:
        return str.__getitem__(str(value), slice(most))  # of a class of the submission's own, perhaps
    except BaseException:
        return ""


def traceback_of(error: BaseException) -> TracebackType | None:
    """Its traceback, as the interpreter knows it."""
    found: TracebackType | None = vars(BaseException)["__traceback__"].__get__(error)
    return found


def frames_in(error: BaseException, filename: str) -> list[traceback.FrameSummary]:
    """The places in a file that it passed, from the outermost inwards."""
    try:
        return [frame for frame in traceback.extract_tb(traceback_of(error)) if frame.filename == filename]
    except BaseException:  # a loader of the submission's own is asked for lines
        return []


def syntax_error(error: BaseException, filenames: Collection[str]) -> SyntaxError | None:
    """The exception, if Python itself says with it that one of some files is not Python."""
    if type(error) in (SyntaxError, IndentationError, TabError):
        own = cast(SyntaxError, error)
        return own if type(own.filename) is str and own.filename in filenames else None
    return None


def line_of_syntax(error: SyntaxError) -> int | None:
    """The line that it names."""
    line = error.lineno
    return line if type(line) is int and 0 < line < MOST_LINES else None

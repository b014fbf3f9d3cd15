"""Says briefly, in words, what a value is."""

from typing import Any

import numpy as np

from grader.api.context import Call

MOST_NUMBERS, LONGEST_SIDE = 20, 6  # of an array, or else of a matrix, that is shown whole
NEW_LINE = "\n"
MAX_TEXT = 40  # characters of a string


def describe(value: Any) -> str:
    """Describe a value in a few words for a message: dtype, shape and range of an array, the kind and size of anything
    else. For instance ``float32 (2, 784), 0 … 1``, ``a list of 3``, ``None``."""
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value[()]
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return describe_array(value)
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.4g}"
    if isinstance(value, str):
        return f"the string {value[:MAX_TEXT]!r}" + ("…" if len(value) > MAX_TEXT else "")
    if isinstance(value, bytes):
        return repr(value) if len(value) <= MAX_TEXT else f"{len(value):,} bytes, {value[:MAX_TEXT]!r}…"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return " ".join(str(getattr(value, "description", type(value).__name__)).split())


def describe_array(array: np.ndarray) -> str:
    """dtype, shape, and the values where they are few or else their range: ``float32 (2, 784), 0 … 1``. The rows of a
    matrix are on lines of their own."""
    text = f"{array.dtype.name} {array.shape}"
    if not array.size:
        return text
    if is_small(array):
        return f"{text}{' ' if array.ndim == 1 else NEW_LINE}{in_full(array)}"
    if array.dtype.kind in "iuf":
        with np.errstate(invalid="ignore"):
            return f"{text}, {describe(array.min())} … {describe(array.max())}"
    return text


def is_small(array: np.ndarray) -> bool:
    """Whether all numbers of an array can be shown."""
    return array.size <= MOST_NUMBERS or (array.ndim == 2 and max(array.shape) <= LONGEST_SIDE)


def in_full(array: np.ndarray) -> str:
    """All numbers of an array, in brackets."""
    return np.array2string(array, precision=4, separator=", ", max_line_width=10_000, threshold=array.size + 1)


def describe_call(call: Call) -> str:
    """The call as the learner would write it, with arrays described instead of printed."""
    arguments = [_argument(value) for value in call.arguments]
    arguments += [f"{name}={_argument(value)}" for name, value in call.keywords.items()]
    return f"{call.function}({', '.join(arguments)})"


def _argument(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        if is_small(value):
            return " ".join(in_full(value).split())
        return f"{value.dtype.name} {value.shape}"
    return repr(value) if isinstance(value, str) and len(value) <= MAX_TEXT else describe(value)

"""Typed values in messages: what may be passed to a learner's function and what may come back.

A value becomes a node: null, booleans, integers, finite numbers and strings stand for themselves; everything else is
an object ``{"kind": …}``. Arrays travel as tensors beside the structure. What has no form here, a model for instance,
stays where it is and travels as a handle.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from grader.engine.wire.channel import (
    CODES,
    MAX_AXES,
    MAX_DEPTH,
    MAX_STRUCTURE,
    MAX_TENSOR,
    MAX_TENSOR_BYTES,
    MAX_TENSORS,
    ProtocolError,
    tensor_bytes,
)

MAX_STRING = 4096  # characters
MAX_ITEMS = 4096  # of one list, tuple or dictionary
MAX_TYPE, MAX_DESCRIPTION = 100, 200  # characters: of a handle's type, of why a value is unreadable
MAX_NESTING = (MAX_DEPTH - 4) // 3  # a dictionary takes three levels of JSON, what is around and within it four
MAX_NODE = MAX_STRUCTURE - 16 * 1024  # bytes of JSON; the rest is for what was printed and observed

Family = Literal["model", "history", "callback", "object"]
FUNCTIONS = {"function", "method", "builtin_function_or_method", "ufunc", "_ArrayFunctionDispatcher"}  # their types


@dataclass(frozen=True)
class Handle:
    """A value that stays in the runner: its class's name as ``type``; ``family`` says what can be asked of it."""

    id: int
    type: str
    family: Family = "object"

    @property
    def description(self) -> str:
        """The value in words, for a message."""
        if self.family == "model":
            return "a Keras model"
        return "a function" if self.type in FUNCTIONS else f"an object of type {self.type}"


@dataclass(frozen=True)
class GeneratorSeed:
    """Becomes a fresh numpy.random.Generator of this seed in the runner."""

    value: int

    description = "a random generator"


@dataclass(frozen=True)
class ByteString:
    """Becomes bytes in the runner, for a function that takes them."""

    content: np.ndarray  # uint8 (length,)

    description = "bytes"


@dataclass(frozen=True)
class Unreadable:
    """A value that came back but has no form in a message: an array of objects, five axes, a huge list."""

    description: str


Keep = Callable[[Any], Handle | Unreadable | np.ndarray]
Resolve = Callable[[Handle | GeneratorSeed | ByteString], Any]


def pack(value: Any, tensors: list[np.ndarray], keep: Keep, most_bytes: int = MAX_TENSOR_BYTES) -> Any:
    """Turn a value into a node of JSON.

    Args:
        value: what is sent.
        tensors: the arrays of the message so far; those of the value are added at the end.
        keep: says what is sent instead of a value that has no form here.
        most_bytes: of all arrays of the message together.

    What does not fit into a message becomes an Unreadable: too large an answer is wrong, but breaks nothing.
    """
    start = len(tensors)
    node = _pack(value, tensors, keep, 0)
    total = sum(tensor_bytes(tensor.shape, tensor.dtype) for tensor in tensors)
    if len(tensors) > MAX_TENSORS or total > most_bytes or _json_bytes(node) > MAX_NODE:
        del tensors[start:]
        is_array = isinstance(value, np.ndarray)
        what = f"an array of shape {value.shape}" if is_array else f"a {type(value).__name__}"
        return _pack_special(Unreadable(f"{what} that is too large"))
    return node


def _pack(value: Any, tensors: list[np.ndarray], keep: Keep, depth: int) -> Any:
    if value is None or isinstance(value, (bool, str)) or type(value) in (int, float):
        return _pack_scalar(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return _pack_array(value, tensors)
    if isinstance(value, ByteString):
        return _pack_array(value.content, tensors) | {"kind": "bytes"}
    value = plain(value)
    if type(value) in (list, tuple, dict) and depth == MAX_NESTING:
        return _pack_special(Unreadable("a value that is nested too deeply"))
    if type(value) in (list, tuple):
        if len(value) > MAX_ITEMS:
            return _pack_special(Unreadable(f"a {type(value).__name__} of {len(value)}"))
        return {"kind": type(value).__name__, "items": [_pack(item, tensors, keep, depth + 1) for item in value]}
    if type(value) is dict:
        if len(value) > MAX_ITEMS:
            return _pack_special(Unreadable(f"a dict of {len(value)}"))
        pairs = [[_pack(k, tensors, keep, depth + 1), _pack(v, tensors, keep, depth + 1)] for k, v in value.items()]
        return {"kind": "dict", "items": pairs}
    if not isinstance(value, (Handle, GeneratorSeed, Unreadable)):
        value = keep(value)
    return _pack_array(value, tensors) if isinstance(value, np.ndarray) else _pack_special(value)


def plain(value: Any) -> Any:
    """A named tuple as a tuple, an ordered dictionary as a dictionary; anything else as it is."""
    if isinstance(value, list) and type(value) is not list:
        return list(list.__iter__(value))
    if isinstance(value, tuple) and type(value) is not tuple:
        return tuple(tuple.__iter__(value))
    return dict(dict.items(value)) if isinstance(value, dict) and type(value) is not dict else value


def unpack(node: Any, tensors: list[np.ndarray], resolve: Resolve = lambda it: it) -> Any:
    """The inverse of `pack`.

    Args:
        node: what `pack` returned on the other side, after its journey as JSON.
        tensors: the arrays of the message.
        resolve: says what a handle or a seed stands for on this side.

    Raises:
        ProtocolError: `pack` makes no such node.
    """
    if isinstance(node, str) and len(node) > MAX_STRING:
        raise ProtocolError("a string is too long")
    if node is None or isinstance(node, (bool, int, float, str)):
        return node
    if not isinstance(node, dict):
        raise ProtocolError("a value is neither a scalar nor an object")
    match node:
        case {"index": bool()} | {"id": bool()} | {"value": bool()}:
            pass  # refused here, since the pattern int() takes True for a number
        case {"kind": "float", "value": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"kind": "tensor", "index": int(index), "scalar": bool(scalar)} if 0 <= index < len(tensors):
            return tensors[index][()] if scalar and tensors[index].ndim == 0 else tensors[index]
        case {"kind": "bytes", "index": int(index)} if 0 <= index < len(tensors):
            return resolve(ByteString(tensors[index]))
        case {"kind": "list" | "tuple" as kind, "items": list(items)} if len(items) <= MAX_ITEMS:
            values = [unpack(item, tensors, resolve) for item in items]
            return values if kind == "list" else tuple(values)
        case {"kind": "dict", "items": list(items)} if len(items) <= MAX_ITEMS:
            return _unpack_dict(items, tensors, resolve)
        case {
            "kind": "handle",
            "id": int(number),
            "type": str(kind),
            "family": "model" | "history" | "callback" | "object" as family,
        } if len(kind) <= MAX_TYPE:
            return resolve(Handle(number, kind, family))
        case {"kind": "seed", "value": int(number)}:
            return resolve(GeneratorSeed(number))
        case {"kind": "unreadable", "description": str(description)} if len(description) <= MAX_DESCRIPTION:
            return Unreadable(description)
    raise ProtocolError("a value of no known kind")


def arrays_in(value: Any) -> list[np.ndarray]:
    """The arrays in a value: itself, or those that a list, a tuple or a dictionary holds."""
    if isinstance(value, np.ndarray):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [array for item in inside for array in arrays_in(item)]


def _json_bytes(node: Any) -> int:
    return len(json.dumps(node, ensure_ascii=False).encode("utf-8", "replace"))


def _pack_scalar(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"kind": "float", "value": str(value)}
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return _pack_special(Unreadable("a huge integer"))
    if isinstance(value, str):
        return str(value)[:MAX_STRING].encode("utf-8", "replace").decode()
    return value


def _pack_array(value: np.ndarray | np.generic, tensors: list[np.ndarray]) -> Any:
    array = np.asarray(value)
    if array.dtype.name not in CODES:
        return _pack_special(Unreadable(f"an array of dtype {array.dtype} and shape {array.shape}"))
    if array.ndim > MAX_AXES or tensor_bytes(array.shape, array.dtype) > MAX_TENSOR:
        return _pack_special(Unreadable(f"an array of shape {array.shape}"))
    tensors.append(array)
    return {"kind": "tensor", "index": len(tensors) - 1, "scalar": isinstance(value, np.generic)}


def _pack_special(value: Handle | GeneratorSeed | Unreadable) -> Any:
    if isinstance(value, GeneratorSeed):
        return {"kind": "seed", "value": value.value}
    if isinstance(value, Handle):
        return {"kind": "handle", "id": value.id, "type": value.type[:MAX_TYPE], "family": value.family}
    return {"kind": "unreadable", "description": value.description[:MAX_DESCRIPTION]}


def _unpack_dict(items: list[Any], tensors: list[np.ndarray], resolve: Resolve) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for pair in items:
        if not isinstance(pair, list) or len(pair) != 2:
            raise ProtocolError("a dictionary's items must be pairs")
        key = unpack(pair[0], tensors, resolve)
        try:
            result[key] = unpack(pair[1], tensors, resolve)
        except TypeError:
            raise ProtocolError("a dictionary's key cannot be hashed") from None
    return result

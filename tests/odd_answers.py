"""Answers that no honest submission gives: of odd types, shapes and sizes, nan, infinite, or true to the form alone."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from grader.engine.wire.channel import CODES, MAX_AXES, Message

DTYPES = [np.dtype(name) for name in CODES]
SHAPES = [(), (0,), (1,), (7,), (0, 10), (10, 0), (1, 10), (10, 10), (3, 1), (2, 3, 4), (0, 0, 0), (1, 28, 28, 1)]
FAMILIES = ["model", "history", "callback", "object"]
SCALARS: list[Any] = [None, True, False, 0, 1, -1, 10, 784, 2**31, 2**53, -(2**63), 2**63 - 1, 0.5, -1.5, 1e300, 1e-300]
TEXTS = ["", "x", "0", "nan", "relu", "softmax", "é" * 50, "a" * 4096, "[bold]x[/]", "\x1b[31m", "{}", "__class__"]
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 1e38, -1, 255]


def odd_array(rng: Generator, like: np.ndarray | None = None) -> np.ndarray:
    """An array of any dtype and shape, often those of another one."""
    if like is not None and like.size and rng.random() < 0.7:
        return changed_array(rng, like)
    dtype, shape = DTYPES[rng.integers(len(DTYPES))], SHAPES[rng.integers(len(SHAPES))]
    with np.errstate(all="ignore"):
        return np.asarray(rng.normal(0, 10.0 ** rng.integers(-3, 5), shape)).astype(dtype)


def changed_array(rng: Generator, array: np.ndarray) -> np.ndarray:
    """An array with another shape, dtype or values than a given one that is not empty."""
    with np.errstate(all="ignore"):
        return CHANGES[rng.integers(len(CHANGES))](rng, np.atleast_1d(array))


def spoiled(rng: Generator, array: np.ndarray) -> np.ndarray:
    """One value, or all of them, are out of the ordinary."""
    result, special = array.copy(), np.asarray(SPECIAL[rng.integers(len(SPECIAL))]).astype(array.dtype)
    places = rng.integers(array.size) if rng.random() < 0.5 else slice(None)
    result.reshape(-1)[places] = special
    return result


CHANGES: list[Callable[[Generator, np.ndarray], np.ndarray]] = [
    spoiled,
    spoiled,
    lambda rng, array: array[:-1],
    lambda rng, array: array[..., :-1],
    lambda rng, array: array[None] if array.ndim < MAX_AXES else array[0],
    lambda rng, array: array[..., None] if array.ndim < MAX_AXES else array[..., 0],
    lambda rng, array: np.swapaxes(array, 0, -1).copy(),
    lambda rng, array: array.reshape(-1),
    lambda rng, array: array.astype(DTYPES[rng.integers(len(DTYPES))]),
    lambda rng, array: np.concatenate([array, array]),
    lambda rng, array: rng.permutation(array.reshape(-1)).reshape(array.shape),
    lambda rng, array: np.zeros_like(array),
    lambda rng, array: (array * np.asarray(rng.normal()).astype(array.dtype)).astype(array.dtype),
]


def odd_node(rng: Generator, tensors: list[np.ndarray], depth: int = 0) -> Any:
    """A value in the form in which it crosses the wire; its arrays go to the end of ``tensors``."""
    match rng.integers(9 if depth < 3 else 6):
        case 0:
            return copy.copy(SCALARS[rng.integers(len(SCALARS))])
        case 1:
            return TEXTS[rng.integers(len(TEXTS))]
        case 2:
            return {"kind": "float", "value": ["nan", "inf", "-inf"][rng.integers(3)]}
        case 3:
            number, family = int(rng.choice([0, 1, 2, 3, 5, -1, 10**6])), FAMILIES[rng.integers(4)]
            return {"kind": "handle", "id": number, "type": "Odd", "family": family}
        case 4:
            return {"kind": "unreadable", "description": "an array of dtype object"}
        case 5:
            tensors.append(odd_array(rng, tensors[rng.integers(len(tensors))] if tensors else None))
            return {"kind": "tensor", "index": len(tensors) - 1, "scalar": bool(rng.random() < 0.1)}
        case 6 | 7:
            kind = ["list", "tuple"][rng.integers(2)]
            items = [odd_node(rng, tensors, depth + 1) for _ in range(rng.choice([0, 1, 2, 3, 10]))]
            return {"kind": kind, "items": items}
        case _:
            keys = ["W1", "b1", "W2", "b2", "loss", "val_loss", "accuracy", "val_accuracy", "x"]
            pairs = [[keys[rng.integers(len(keys))], odd_node(rng, tensors, depth + 1)] for _ in range(rng.integers(4))]
            return {"kind": "dict", "items": pairs}


def places(node: Any, path: tuple = ()) -> list[tuple]:
    """The paths to a node and to all nodes in it."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, item in inside for place in places(item, (*path, key)))]


def changed_answer(rng: Generator, message: Message) -> Message:
    """An answer with something else in place of its value, of a part of it, or of one of its arrays."""
    structure, tensors = copy.deepcopy(message[0]), list(message[1])
    filled = [index for index, tensor in enumerate(tensors) if tensor.size]
    what = rng.random()
    if filled and what < 0.4:
        index = filled[rng.integers(len(filled))]
        tensors[index] = odd_array(rng, tensors[index])
    elif what < 0.6 or "value" not in structure:
        structure.pop("error", None)
        structure["value"] = odd_node(rng, tensors)
    elif what < 0.9:
        replace(rng, structure, "value", tensors)
    elif "observed" in structure and what < 0.97:
        replace(rng, structure, "observed", tensors)
    else:
        structure["changed"] = [0, 1, "x", -1, None]
    return structure, tensors


def replace(rng: Generator, structure: dict[str, Any], name: str, tensors: list[np.ndarray]) -> None:
    """Put an odd value somewhere into a field of an answer."""
    paths = places(structure[name], (name,))
    *way, last = paths[rng.integers(len(paths))]
    holder: Any = structure
    for step in way:
        holder = holder[step]
    holder[last] = odd_node(rng, tensors)

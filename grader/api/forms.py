"""Mistakes of form, which any function can make: nothing came back, a function, or a list; nan; another dtype, other
axes; all of it transposed, shifted by one place, or off by one. They are tried after the mistakes a check knows."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.api.mistakes import Mistake, agree

NAMES = {
    "returned-nothing",
    "not-called",
    "not-finite",
    "list-not-array",
    "not-one-number",
    "wrong-number-of-axes",
    "transposed",
    "wrong-dtype",
    "shifted-by-one",
    "off-by-one",
    "rounded",
}


TO_ARRAY = "What turns a list of numbers, or of rows, into an array?"


@dataclass(frozen=True)
class Wanted:
    """What was asked for: a shape (None for any, () for a number), a dtype or kinds of dtypes; perhaps the answer."""

    shape: tuple[int, ...] | None
    dtype: str | None
    kinds: str
    answer: np.ndarray | None = None

    def has_dtype(self, array: np.ndarray) -> bool:
        """True for an array whose elements are of the dtype, or of one of the kinds."""
        return array.dtype.kind in self.kinds and (self.dtype is None or array.dtype == np.dtype(self.dtype))

    @property
    def numbers(self) -> str:
        """What its elements are, in words."""
        of_kinds = "integers" if set(self.kinds) <= set("iu") else "floats" if self.kinds == "f" else "real numbers"
        return self.dtype or of_kinds


def mistake_of_form(value: Any, wanted: Wanted) -> Mistake | None:
    """The first mistake of form that a value shows; None if it shows none."""
    described = str(getattr(value, "description", ""))
    if value is None:
        return _named(
            "returned-nothing",
            "The function ended without returning anything.",
            "Which line of your function returns its result, and is that line reached?",
        )
    if isinstance(value, (list, tuple, dict)) and wanted.shape == ():
        return _named(
            "not-one-number",
            f"A Python {type(value).__name__} came back where a single number was asked for.",
            "Which one number is the answer, and what else does your function return?",
        )
    if isinstance(value, (list, tuple, dict)):
        return _named(
            "list-not-array",
            f"A Python {type(value).__name__} came back. Its elements may be right, but it has no shape and no dtype.",
            TO_ARRAY,
        )
    if described == "a list that is too large":
        return _named("list-not-array", "A Python list came back. It has no shape and no dtype.", TO_ARRAY)
    if described == "a function":
        return _named("not-called", "The function itself came back, not its result.", "Did you forget the parentheses?")
    if "dtype object" in described:
        return _named(
            "wrong-dtype",
            "The elements are Python objects, not numbers.",
            "What is one of them? A function's name without parentheses is the function itself, and all rows must have "
            "the same length.",
        )
    if not isinstance(value, (np.ndarray, np.generic)):
        return None
    array = np.asarray(value)
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return _not_finite(array)
    if wanted.shape is not None and array.shape != tuple(wanted.shape):
        return _of_shape(array, tuple(wanted.shape))
    if not wanted.has_dtype(array):
        return _named(
            "wrong-dtype",
            f"The dtype of the elements is {array.dtype.name}, but the exercise asks for {wanted.numbers}.",
            "Which step of your function decides the dtype of its result?",
        )
    return _of_values(array, wanted.answer) if wanted.answer is not None else None


def mistakes_of_form(part: Any, shape: tuple[int, ...] | None = None, kinds: str = "biuf") -> list[Mistake]:
    """The mistake of form, if there is one, that a part of an answer shows: an entry of a tuple or of a dict. Of the
    whole, only whether it is there can be told."""
    known = mistake_of_form(part, Wanted(shape, None, kinds))
    return [known] if known else []


def _of_shape(array: np.ndarray, shape: tuple[int, ...]) -> Mistake | None:
    if array.ndim != len(shape):
        if not shape:
            return _named(
                "not-one-number",
                f"An array with {_axes(array.ndim)} came back where a single number was asked for.",
                "Which axes have you summed or averaged over, and which are left?",
            )
        found = f"The result has {_axes(array.ndim)}" if array.ndim else "A single number came back"
        return _named(
            "wrong-number-of-axes",
            f"{found}, but the exercise asks for an array with {_axes(len(shape))}.",
            "What does each axis of your result stand for, and what should it stand for?",
        )
    return _transposed() if array.shape == shape[::-1] else None


def _of_values(array: np.ndarray, answer: np.ndarray) -> Mistake | None:
    if array.ndim == 2 and agree(array.T, answer) and array.shape[0] > 1:
        return _transposed()
    for axis, size in enumerate(answer.shape):
        first, rest = np.arange(size - 1), np.arange(1, size)
        for found, right in ((rest, first), (first, rest)):
            if size > 2 and agree(array.take(found, axis), answer.take(right, axis)) and np.ptp(answer) > 0:
                place = f" along axis {axis}" if answer.ndim > 1 else ""
                return _named(
                    "shifted-by-one",
                    f"The values are right, but each is off by one place{place}.",
                    "Does your index begin at 0 or at 1, and which place does the first value go to?",
                )
    if answer.size and answer.dtype.kind in "iu" and array.dtype.kind in "iu":
        off = array.astype(np.int64) - answer.astype(np.int64)
        if abs(off.flat[0]) == 1 and np.all(off == off.flat[0]):
            return _named(
                "off-by-one",
                f"Every number is 1 too {'large' if off.flat[0] > 0 else 'small'}.",
                "Does your count begin at 0 or at 1?",
            )
    return _of_rounding(array, answer)


def _of_rounding(array: np.ndarray, answer: np.ndarray) -> Mistake | None:
    if array.dtype.kind == answer.dtype.kind == "f" and np.isfinite(array).all() and array.any():
        for digits in range(2, 7):
            with np.errstate(all="ignore"):
                is_round = np.allclose(array, np.round(array.astype(np.float64), digits), rtol=1e-7, atol=0)
                is_near = np.all(np.abs(array - answer) < 0.51 * 10.0**-digits)
            if is_round and is_near:
                return _named(
                    "rounded",
                    f"Every number is rounded to {digits} digits after the decimal point.",
                    "Which line drops digits, and where are they still needed?",
                )
    return None


def _not_finite(array: np.ndarray) -> Mistake:
    found = "nan (not a number)" if np.isnan(array).any() else "inf (infinity)"
    return _named(
        "not-finite",
        f"There is {found} in the result. Dividing by 0 causes it, and np.log, np.exp and np.sqrt can cause it, too.",
        "Does a line divide by 0? If not, which function is given a number that it cannot take?",
    )


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"


def _transposed() -> Mistake:
    return _named(
        "transposed",
        "Rows and columns are swapped.",
        "What should the first row of your result hold, and what does it hold?",
    )


def _named(name: str, explanation: str, question: str) -> Mistake:
    return Mistake(name, explanation, question, shows=lambda *anything: True)

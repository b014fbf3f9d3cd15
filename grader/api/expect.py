"""What a check expects. Each function either returns or raises Failed with all that the learner is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from grader.api.context import current, measure
from grader.api.describe import describe, describe_call
from grader.api.mistakes import Mistake, diagnose
from grader.api.pictures import Rows, pictures
from grader.api.split import Split
from grader.course import CourseError, calibrations

CHANCE = 0.3  # more than a network with random weights gets right of ten classes
PERFECT = 6  # standard deviations above the reference: worth a look
REAL, INTEGERS = "biuf", "iu"  # kinds of NumPy dtypes


@dataclass(frozen=True)
class Failure:
    """Why a check failed, in the learner's words, and for images in pictures: titles, and rows of ink."""

    called: str
    returned: str
    expected: str
    mistake: Mistake | None = None
    pictures: tuple[tuple[str, Rows], ...] = ()

    @property
    def message(self) -> str:
        """All of it in one or two sentences."""
        found = f" {self.mistake.explanation}" if self.mistake else ""
        return f"{self.called} {self.returned}; expected {self.expected}.{found}"


class Failed(Exception):
    """Ends a check that the submission has failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def fail(
    value: Any, returned: str, expected: str, mistakes: Sequence[Mistake] = (), right_answer: Any = None
) -> NoReturn:
    """Fail the running check because of a value that came back, and name the mistake that explains the value.

    Args:
        value: what came back from the learner's function. The call behind it is found by identity.
        returned: how to tell the learner what it was, after the call: ``"returned None"``.
        expected: what should have come.
        mistakes: the known mistakes to try on the value, the most telling first.
        right_answer: the right value, if the check knows it: no mistake explains it, and images are shown beside it.

    Raises:
        Failed: always.
    """
    call = current().call_behind(value)
    arguments, keywords = (call.arguments, call.keywords) if call else ((), {})
    called = describe_call(call) if call else current().check.title
    known = diagnose(mistakes, value, right_answer, arguments, keywords)
    raise Failed(Failure(called, returned, expected, known, pictures(value, right_answer)))


def expect(condition: bool, value: Any, returned: str, expected: str, mistakes: Sequence[Mistake] = ()) -> None:
    """Fail unless a condition on a value holds.

    Args:
        condition: what must be true.
        value: what came back from the learner's function.
        returned: how to tell the learner what it was, for instance ``"returned rows that sum to 3.2"``.
        expected: what should have come, for instance ``"rows that sum to 1"``.
        mistakes: the known mistakes to try on the value, the most telling first.
    """
    if not condition:
        fail(value, returned, expected, mistakes)


def expect_array(
    value: Any,
    shape: tuple[int, ...] | None = None,
    dtype: str | None = None,
    kinds: str = REAL,
    mistakes: Sequence[Mistake] = (),
) -> None:
    """Fail unless a value is an array of finite numbers with the given shape and dtype.

    Args:
        value: what came back from the learner's function.
        shape: the exact shape; None for any, () for a single number.
        dtype: the exact dtype, for instance ``"float32"``; None for any of ``kinds``.
        kinds: NumPy dtype kinds that are right: "iu" for integers, "biuf" for any real numbers.
        mistakes: the known mistakes to try on the value, the most telling first.
    """
    _expect_form(value, shape, dtype, kinds, mistakes)
    _expect_dtype(value, shape, dtype, kinds, mistakes)


def expect_close(
    value: Any,
    expected: Any,
    rtol: float = 1e-4,
    atol: float = 1e-6,
    dtype: str | None = None,
    mistakes: Sequence[Mistake] = (),
) -> None:
    """Fail unless a value is, up to rounding, the expected array or number.

    Args:
        value: what came back from the learner's function.
        expected: the right array or number; its shape must match exactly.
        rtol, atol: how far apart two numbers may be, as in `numpy.isclose`.
        dtype: the exact dtype; None for any real numbers.
        mistakes: the known mistakes to try on the value, the most telling first.
    """
    _expect_values(value, expected, lambda array: np.isclose(array, expected, rtol, atol), dtype, REAL, mistakes)


def expect_equal(value: Any, expected: Any, dtype: str | None = None, mistakes: Sequence[Mistake] = ()) -> None:
    """Fail unless a value is exactly the expected array or number, integers where integers are expected."""
    kinds = INTEGERS if np.asarray(expected).dtype.kind in INTEGERS else REAL
    _expect_values(value, expected, lambda array: array == expected, dtype, kinds, mistakes)


def expect_input_unchanged(value: Any, question: str = "Who else still uses that array?") -> None:
    """Fail if the call that returned the value has written into an array that it was given."""
    call = current().call_behind(value)
    if call and call.changed_inputs:
        known = Mistake(
            "changed-its-input",
            f"{call.function} wrote into the array that it was given, so its caller's data is now different.",
            question,
            shows=lambda value, *arguments: True,
        )
        which = " and ".join(f"argument {index + 1}" for index in call.changed_inputs)
        fail(value, f"changed {which} in place", "a new array and an untouched input", [known])


def expect_model(value: Any, mistakes: Sequence[Mistake] = ()) -> None:
    """Fail unless a value is a Keras model."""
    expect(hasattr(value, "count_params"), value, f"returned {describe(value)}", "a Keras model", mistakes)


def expect_untrained(model: Any, split: Split) -> None:
    """Fail if a newly built model already knows the digits: it must be at chance until it has been trained here. The
    instructor sees the flag ``trained_at_build``."""
    if model.accuracy(split, num_test=2000) > CHANCE:
        current().flags.append("trained_at_build")
        fail(model, "returned a model that knows the digits before any training", "a model with fresh random weights")


def expect_accuracy(value: Any, accuracy: float, mistakes: Sequence[Mistake] = ()) -> None:
    """Fail unless a measured test accuracy reaches the calibrated threshold of the running exercise.

    Args:
        value: what came back from the learner's function, the trained model for instance.
        accuracy: the share of test images that it gets right, 0..1.
        mistakes: the known mistakes to try on the value, the most telling first.
    """
    measure("accuracy", accuracy)
    context = current()
    if not context.thresholds_apply:
        return
    calibration = calibrations().get(context.exercise)
    if calibration and accuracy > calibration.mean + PERFECT * calibration.standard_deviation:
        context.flags.append("too_perfect")
    threshold = calibration.threshold if context.bar is None and calibration else context.bar
    if threshold is None:
        raise CourseError(f"{context.exercise} has no threshold. Set one in course.toml, below [accuracy].")
    if accuracy < threshold:
        reached = f"gave a model that gets about {accuracy:.0%} of unseen digits right"
        fail(value, reached, f"at least {100 * threshold:g}%", mistakes)


def _expect_values(
    value: Any,
    expected: Any,
    compare: Callable[[np.ndarray], np.ndarray],
    dtype: str | None,
    kinds: str,
    mistakes: Sequence[Mistake],
) -> None:
    """First the form, then the values, last the dtype: a wrong value says more than a wrong dtype."""
    expected = np.asarray(expected)
    _expect_form(value, expected.shape, dtype, kinds, mistakes, expected)
    array = np.asarray(value)
    wrong = np.flatnonzero(~np.atleast_1d(compare(array)).reshape(-1))
    if len(wrong):
        place = _place(array, wrong[0])
        found, wanted = describe(array.reshape(-1)[wrong[0]]), describe(expected.reshape(-1)[wrong[0]])
        where, there = (f" at {place}", " there") if place else ("", "")
        fail(value, f"returned {found}{where}", f"{wanted}{there}", mistakes, expected)
    _expect_dtype(value, expected.shape, dtype, kinds, mistakes, expected)


def _expect_form(
    value: Any,
    shape: tuple[int, ...] | None,
    dtype: str | None,
    kinds: str,
    mistakes: Sequence[Mistake],
    right_answer: Any = None,
) -> None:
    """Fail unless a value is an array (or a number, for shape ()) of finite real numbers with the right shape."""
    array = _as_array(value, shape)
    if array is None or array.dtype.kind not in REAL or (shape is not None and array.shape != tuple(shape)):
        wanted = _describe_wanted(shape, dtype, kinds)
        fail(value, f"returned {describe(value)}", wanted, mistakes, right_answer)
    bad = np.flatnonzero(~np.isfinite(array)) if array.dtype.kind == "f" else np.empty(0, int)
    if len(bad):
        place = _place(array, bad[0])
        where = f" at {place} ({len(bad)} of {array.size} values)" if place else ""
        returned = f"returned {describe(array.reshape(-1)[bad[0]])}{where}"
        fail(value, returned, "finite numbers", mistakes, right_answer)


def _as_array(value: Any, shape: tuple[int, ...] | None) -> np.ndarray | None:
    """An array as it is; a number too, where one number is expected; None for anything else."""
    is_number = shape == () and isinstance(value, (bool, int, float))
    return np.asarray(value) if is_number or isinstance(value, (np.ndarray, np.generic)) else None


def _expect_dtype(
    value: Any,
    shape: tuple[int, ...] | None,
    dtype: str | None,
    kinds: str,
    mistakes: Sequence[Mistake],
    right_answer: Any = None,
) -> None:
    array = np.asarray(value)
    if array.dtype.kind not in kinds or (dtype is not None and array.dtype != np.dtype(dtype)):
        fail(value, f"returned {describe(value)}", _describe_wanted(shape, dtype, kinds), mistakes, right_answer)


def _place(array: np.ndarray, flat_index: int) -> str:
    if not array.ndim:
        return ""
    return "[" + ", ".join(str(int(index)) for index in np.unravel_index(flat_index, array.shape)) + "]"


def _describe_wanted(shape: tuple[int, ...] | None, dtype: str | None, kinds: str) -> str:
    numbers = dtype or ("integers" if kinds == INTEGERS else "real numbers")
    if shape == ():
        return "an integer" if kinds == INTEGERS else "a number"
    return f"an array of {numbers}" + (f" of shape {tuple(shape)}" if shape is not None else "")

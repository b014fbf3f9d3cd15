"""What a check expects. Each function either returns or raises Failed with all that the learner is told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from grader.api.context import current, measure
from grader.api.describe import describe, describe_call
from grader.api.forms import Wanted, mistake_of_form
from grader.api.mistakes import Mistake, diagnose
from grader.api.pictures import Rows, pictures
from grader.api.split import Split
from grader.course import CourseError, calibrations

CHANCE = 0.3  # more than a network with random weights gets right of ten classes
PERFECT = 6  # standard deviations above the reference: worth a look
BETTER_THAN_THE_COURSE_ASKS = Mistake(
    "below-the-accuracy-of-the-class",
    "The network has learned as much as the course asks for, but this class asks for more.",
    "What could help a network that learns well already: more units, or another optimizer?",
    shows=lambda *anything: True,
)
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
    value: Any,
    returned: str,
    expected: str,
    mistakes: Sequence[Mistake] = (),
    right_answer: Any = None,
    wanted: Wanted | None = None,
) -> NoReturn:
    """Fail the running check because of a value that came back, and name the mistake that explains the value.

    Args:
        value: what came back from the learner's function. The call that returned it is found by identity.
        returned: how to tell the learner what it was, after the call: ``"returned None"``.
        expected: what should have come back.
        mistakes: the known mistakes to try on the value, the most telling first.
        right_answer: the right value, if the check knows it: no mistake explains it, and images are shown beside it.
        wanted: the form that the value should have, for the mistakes that are tried last.

    Raises:
        Failed: always.
    """
    call = current().failed = current().call_behind(value)
    arguments, keywords = (call.arguments, call.keywords) if call else ((), {})
    called = describe_call(call) if call else current().check.title
    if wanted and (value is None or isinstance(value, (list, tuple, dict))):  # its values are not what is wrong first
        mistakes = [known for known in mistakes if known.shows]
    known = diagnose(mistakes, value, right_answer, arguments, keywords)
    if known is None and wanted:
        known = mistake_of_form(value, wanted)
    raise Failed(Failure(called, returned, expected, known, pictures(value, right_answer)))


def expect(condition: bool, value: Any, returned: str, expected: str, mistakes: Sequence[Mistake] = ()) -> None:
    """Fail unless a condition on a value holds.

    Args:
        condition: what must be true.
        value: what came back from the learner's function.
        returned: how to tell the learner what it was, for instance ``"returned rows that sum to 3.2"``.
        expected: what should have come back, for instance ``"rows that sum to 1"``.
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
    _expect_form(value, Wanted(shape, dtype, kinds), mistakes)


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


def expect_input_unchanged(value: Any, question: str = "What other code still uses that array?") -> None:
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


def expect_model(value: Any, mistakes: Sequence[Mistake] = ()) -> Any:
    """Fail unless a value is a Keras model; returns the model. A function may return a different one on each call."""
    expect(hasattr(value, "count_params"), value, f"returned {describe(value)}", "a Keras model", mistakes)
    return value


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
        share = next((text for text in percentages(accuracy) if float(text[:-1]) < 100 * threshold), "slightly less")
        reached = f"gave a model that gets about {share} of unseen digits right"
        if calibration and accuracy >= calibration.threshold:
            mistakes = [*mistakes, BETTER_THAN_THE_COURSE_ASKS]
        fail(value, reached, f"at least {100 * threshold:g}%", mistakes)


def percentages(share: float) -> Iterator[str]:
    """A share in percent, with more and more digits: 91%, 90.6%, 90.62%."""
    return (f"{share:.{digits}%}" for digits in range(16))


def _expect_values(
    value: Any,
    expected: Any,
    compare: Callable[[np.ndarray], np.ndarray],
    dtype: str | None,
    kinds: str,
    mistakes: Sequence[Mistake],
) -> None:
    """First the form, then the values: a value of another dtype may look like the right one."""
    expected = np.asarray(expected)
    wanted = Wanted(expected.shape, dtype, kinds, expected)
    _expect_form(value, wanted, mistakes)
    array = np.asarray(value)
    wrong = np.flatnonzero(~np.atleast_1d(compare(array)).reshape(-1))
    if len(wrong):
        place = _place(array, wrong[0])
        found, right = told_apart(array.reshape(-1)[wrong[0]], expected.reshape(-1)[wrong[0]])
        where, there = (f" at {place}", " there") if place else ("", "")
        fail(value, f"returned {found}{where}", f"{right}{there}", mistakes, expected, wanted)


def told_apart(one: Any, other: Any) -> tuple[str, str]:
    """Two different numbers in words, with as many digits as it takes to see that they differ."""
    if describe(one) == describe(other) and {np.asarray(one).dtype.kind, np.asarray(other).dtype.kind} <= set("fiu"):
        for digits in range(5, 18):
            texts = f"{float(one):.{digits}g}", f"{float(other):.{digits}g}"
            if texts[0] != texts[1]:
                return texts
    return describe(one), describe(other)


def _expect_form(value: Any, wanted: Wanted, mistakes: Sequence[Mistake]) -> None:
    """Fail unless a value is an array (or a number, for shape ()) of finite numbers with the right shape and dtype."""
    shape = wanted.shape
    array = _as_array(value, shape)
    has_form = array is not None and array.dtype.kind in REAL and (shape is None or array.shape == tuple(shape))
    if array is None or not has_form or not wanted.has_dtype(array):
        fail(value, f"returned {_with_type(value)}", _describe_wanted(wanted), mistakes, wanted.answer, wanted)
    bad = np.flatnonzero(~np.isfinite(array)) if array.dtype.kind == "f" else np.empty(0, int)
    if len(bad):
        place = _place(array, bad[0])
        where = f" at {place} ({len(bad)} of {array.size} values)" if place else ""
        returned = f"returned {describe(array.reshape(-1)[bad[0]])}{where}"
        fail(value, returned, "finite numbers", mistakes, wanted.answer, wanted)


def _as_array(value: Any, shape: tuple[int, ...] | None) -> np.ndarray | None:
    """An array as it is; a number too, where one number is expected; None for anything else."""
    is_number = shape == () and isinstance(value, (bool, int, float))
    return np.asarray(value) if is_number or isinstance(value, (np.ndarray, np.generic)) else None


def _with_type(value: Any) -> str:
    """A value in words; with its type where it is a number that could be taken for an integer: ``15.0 (a float)``."""
    array = np.asarray(value) if isinstance(value, (float, np.floating, np.ndarray)) else None
    if array is None or array.ndim or array.dtype.kind != "f":
        return describe(value)
    text = describe(value)
    return f"{text}{'.0' if text.lstrip('-').isdigit() else ''} (a float)"


def _place(array: np.ndarray, flat_index: int) -> str:
    if not array.ndim:
        return ""
    return "[" + ", ".join(str(int(index)) for index in np.unravel_index(flat_index, array.shape)) + "]"


def _describe_wanted(wanted: Wanted) -> str:
    if wanted.shape == ():
        return "an integer" if wanted.kinds == INTEGERS else "a number"
    return f"an array of {wanted.numbers}" + (f" of shape {tuple(wanted.shape)}" if wanted.shape is not None else "")

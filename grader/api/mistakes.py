"""Known mistakes. A failing check names the mistake by re-enacting it, or by recognizing a symptom."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A mistake that learners make. It is recognized by a re-enactment or by a symptom, whichever is given.

    Attributes:
        name: its kebab-case name in the catalogue.
        explanation: one or two sentences for the learner: what happened.
        question: the question that leads to the next step.
        reenact: ``reenact(*arguments)`` returns what the mistake would return for the learner's arguments.
        shows: ``shows(value, *arguments)`` is true when the value that came back shows the mistake.
    """

    name: str
    explanation: str
    question: str
    reenact: Callable[..., Any] | None = None
    shows: Callable[..., bool] | None = None

    def explains(self, value: Any, expected: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
        """True when this mistake explains the value. A re-enactment that gives the right answer explains nothing."""
        if self.shows:
            return bool(call(self.shows, value, *arguments, **keywords))
        if not self.reenact:
            return False
        reenacted = call(self.reenact, *arguments, **keywords)
        return agree(value, reenacted) and not (expected is not None and agree(expected, reenacted))


def mistake(name: str, question: str) -> Callable[[Callable[..., Any]], Mistake]:
    """Turn a tiny wrong function into a Mistake: it takes the arguments of the learner's function and returns what the
    mistake would return. Its docstring is the explanation that the learner reads."""
    return lambda reenact: Mistake(name, inspect.getdoc(reenact) or "", question, reenact=reenact)


def symptom(name: str, question: str) -> Callable[[Callable[..., bool]], Mistake]:
    """Turn a predicate into a Mistake: it takes what came back, then the arguments of the learner's function. Its
    docstring is the explanation that the learner reads."""
    return lambda shows: Mistake(name, inspect.getdoc(shows) or "", question, shows=shows)


def call(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Call a function, with the keywords if it has a place for them."""
    try:
        inspect.signature(function).bind(*arguments, **keywords)
    except TypeError:
        keywords = {}
    return function(*arguments, **keywords)


def agree(value: Any, reenacted: Any) -> bool:
    """True when two values are the same array up to rounding: the same shape, real numbers, and each within 1e-4 of the
    other relative to its size (or within 1e-6). NaN agrees with NaN."""
    value, reenacted = np.asarray(value), np.asarray(reenacted)
    if value.shape != reenacted.shape or value.dtype.kind not in "biuf":
        return False
    return np.allclose(value, reenacted, rtol=1e-4, atol=1e-6, equal_nan=True)


def diagnose(
    mistakes: Sequence[Mistake],
    value: Any,
    expected: Any,
    arguments: tuple[Any, ...],
    keywords: dict[str, Any] | None = None,
) -> Mistake | None:
    """The first of the mistakes that explains a value; None if none does.

    The ``expect`` functions do this by themselves; a check calls it to look for a mistake in a value of its own making.

    Args:
        mistakes: to try, in this order. One that cannot be tried on the value (it raises a TypeError, ValueError,
            LookupError, AttributeError or ArithmeticError) is not the one.
        value: what came back.
        expected: the right value, which no mistake explains; None if it is not known.
        arguments, keywords: what the learner's function was given.
    """
    for known in mistakes:
        try:
            with np.errstate(all="ignore"):
                if known.explains(value, expected, arguments, keywords or {}):
                    return known
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError):
            continue
    return None

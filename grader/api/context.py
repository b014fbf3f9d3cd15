"""What is known while a check runs: the calls that it made, and what it measured."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from grader.api.checks import Check
from grader.api.errors import SubmissionError


@dataclass
class Call:
    """One call of a learner's function: what went in and what came back."""

    function: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    value: Any = None
    changed_inputs: tuple[int, ...] = ()  # positions of the arguments that it has written into, from 0
    observed: tuple[Mapping[str, Any], ...] = ()  # of Model.fit; for naming mistakes, never for points
    error: SubmissionError | None = None  # what it raised


@dataclass
class Context:
    """The state of one running check: the calls that it made so far, and what it noted.

    The engine adds a `Call` for every call of a learner's function; `expect` and its kin look there for the call that a
    value came from. A check itself needs it only to raise a flag.
    """

    check: Check
    exercise: str  # its slug
    thresholds_apply: bool = True  # an accuracy below the threshold fails
    bar: float | None = None  # the accuracy that a class asks for, 0..1, in place of the calibrated threshold
    calls: list[Call] = field(default_factory=list)
    measurements: dict[str, float] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)  # for the instructor, worth no point
    failed: Call | None = None  # the call because of which the check has failed

    def call_behind(self, value: Any) -> Call | None:
        """The call that returned a value: this very object, not one that equals it. Where none did (the check computed
        the value), the latest call; None before the first."""
        for call in reversed(self.calls):
            if call.value is value:
                return call
        return self.calls[-1] if self.calls else None


_current: ContextVar[Context] = ContextVar("current check")


def current() -> Context:
    """The context of the check that is running in this thread; raises LookupError where none is."""
    return _current.get()


def enter(context: Context) -> None:
    """Make a context the current one, as a check begins. For the engine."""
    _current.set(context)


def measure(name: str, value: float) -> None:
    """Note a figure that the running check has measured, for reports and for calibration."""
    current().measurements[name] = float(value)


def observed_fits() -> tuple[Mapping[str, Any], ...]:
    """What the latest call passed to ``Model.fit``, one dictionary of plain facts per call of it: ``model`` (a handle's
    number), ``epochs``, ``batch_size``, ``rows``, ``x_shape``, ``x_max``, ``y_shape``, ``validates``,
    ``validation_split``, ``validation_rows``, ``validates_on_training_rows``; or ``loaded_mnist`` alone.

    A fact that does not apply is missing (tf.data has no rows), and all of them are the runner's claims: good for
    naming a mistake, never for a point.
    """
    return current().calls[-1].observed if current().calls else ()

"""What becomes of a check, or of a whole submission, when something goes wrong: exceptions turned into outcomes."""

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from grader.api.checks import Check
from grader.api.context import Context
from grader.api.describe import describe_call
from grader.api.errors import SubmissionError
from grader.api.expect import Failure
from grader.engine.judge.client import CallTimedOut, RunnerGone, clean
from grader.engine.judge.source import Source
from grader.engine.questions import question_about
from grader.engine.wire.requests import LeftOut
from grader.verdict import CheckOutcome, CheckResult, Outcome, Picture

UNREADABLE = {"SyntaxError", "IndentationError", "TabError"}
MOST_NOTES = 5
DEFINED = re.compile(rb"^(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)  # read, not parsed: it may be hostile
MOST_NAMES, LONGEST_NAME = 200, 60  # of functions that may be the one that is missing
HOW_NAMED = "Is its name spelled exactly as in the exercise, and is it defined outside all other functions?"
OUT_OF_MEMORY = "used more memory than a submission is allowed to use"


@dataclass(frozen=True)
class Loaded:
    """Whether a submission's file could be loaded: the outcome that this is for a whole verdict, and why."""

    outcome: Outcome
    message: str


def not_run(check: Check, outcome: CheckOutcome, message: str) -> CheckResult:
    """The result of a check that earned nothing; as ``failed`` with no message, one that has yet to be run."""
    return CheckResult(check.name, check.title, outcome, 0.0, check.points, message=message)


def explain_failure(result: CheckResult, failure: Failure, check: Check) -> None:
    """Note what the check found wrong. A known mistake brings its own question; otherwise the check's first hint."""
    result.called, result.returned, result.expected = failure.called, failure.returned, failure.expected
    result.message = failure.message
    result.hint = check.hints[0] if check.hints else ""
    result.pictures = [Picture(title, rows) for title, rows in failure.pictures]
    if failure.mistake:
        result.mistake, result.hint = failure.mistake.name, failure.mistake.question
        result.explanation = failure.mistake.explanation


def explain_error(
    result: CheckResult, error: SubmissionError, context: Context, source: Source, left_out: Sequence[LeftOut] = ()
) -> None:
    """Note an exception of the submission: where it was raised, and what it may mean."""
    result.line, result.code = source.place(error.line)[1] if error.line else None, error.code
    if error.type == "NotImplementedError" and error.line:
        result.outcome, result.message = "not_attempted", f"{error.function} is not written yet."
        result.function = error.function
        return
    if error.type == "MissingFunction":
        result.message = f"{source.name} defines no function {error.text}."
        for part in left_out:
            if error.text in part.names:
                result.message = f"{error.text} is not defined. {note_on(part, source)}"
                result.hint = "Can you restart the kernel and run all cells, from top to bottom, without an error?"
                return
        defined = names_defined(source)
        similar = get_close_matches(error.text, defined, n=1, cutoff=0.85)
        result.hint = f"There is a function {similar[0]}. Did you mean that one?" if similar else HOW_NAMED
        result.function = error.text if is_empty(source) else ""
        return
    if error.type.endswith("MemoryError") or error.type == "ResourceExhaustedError":
        result.outcome, result.message = "memory", "It asked for more memory than a submission is allowed to use."
        result.hint = "How many numbers does your largest array hold, and how many bytes does each take?"
        return
    result.raised = error.summary
    result.where = f"{source.where(error.line)} in {error.function}" if error.line else ""
    result.message = f"{result.raised} ({result.where}: {error.code})" if error.line else result.raised
    result.called = next((describe_call(call) for call in context.calls if call.error is error), "")
    result.hint = question_about(error)


def names_defined(source: Source) -> list[str]:
    """The names of the functions in a file that one that is missing may go by."""
    names = dict.fromkeys(DEFINED.findall(source.code))
    return [name.decode() for name in names if len(name) <= LONGEST_NAME][:MOST_NAMES]


def is_empty(source: Source) -> bool:
    """Whether a file holds nothing, or nothing but comments."""
    lines = source.code.decode("utf-8-sig", "replace").splitlines()
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines)


def notes_on(left_out: Sequence[LeftOut], source: Source) -> list[str]:
    """A sentence for each part of a submission that was left out, but not for very many."""
    more = len(left_out) - MOST_NOTES
    notes = [note_on(part, source) for part in left_out[:MOST_NOTES]]
    return [*notes, f"Parts of {more} more cells were left out, too."] if more > 0 else notes


def note_on(part: LeftOut, source: Source) -> str:
    """What was left out of a submission, and why."""
    cell, line = source.place(part.line) if part.line else (0, 0)
    kind, text = clean(part.type), clean(part.text)
    words = f"{kind}: {text}" if text else kind
    if not cell:
        return f"{source.name} raised {words} in line {line}, after its last function; no points lost."
    if part.type in UNREADABLE:
        return f"Code cell {cell} is not Python ({text}, line {line}) and was left out."
    return f"Code cell {cell} raised {words} (line {line}); that line and the rest of the cell were left out."


def explain_timeout(result: CheckResult, error: CallTimedOut, context: Context) -> None:
    """Note that a call has not come to an end."""
    result.outcome = "timeout"
    result.message = f"{last_call(context)} {describe_timeout(error)}."
    result.hint = "Which of your loops never ends, or takes numbers one by one that NumPy could take all at once?"


def explain_exit(result: CheckResult, error: RunnerGone, context: Context) -> None:
    """Note that the runner has ended during a call."""
    result.outcome, result.message = outcome_of(error), f"{last_call(context)} {describe_exit(error)}."


def make_harmless(result: CheckResult) -> None:
    """Take control characters out of the texts: names of classes in them are the submission's."""
    result.called, result.message = clean(result.called), clean(result.message)
    result.returned, result.expected = clean(result.returned, keep="\n"), clean(result.expected, keep="\n")
    result.raised, result.where = clean(result.raised), clean(result.where)


def load_error(error: SubmissionError, source: Source) -> Loaded:
    """A file that raised an exception while it was loaded."""
    where = f"{source.where(error.line)}: {error.code}" if error.line else source.name
    file = f"{source.name}, " if source.cells and error.line else ""
    message = f"{file}{where} ({error.summary}). {question_about(error)}"
    return Loaded("invalid" if error.type in UNREADABLE else "crashed", message)


def load_timeout(error: CallTimedOut, source: Source) -> Loaded:
    """A file that took too long to load."""
    return Loaded("timeout", f"{source.name} {describe_timeout(error)} while it was being loaded.")


def load_exit(error: RunnerGone, source: Source) -> Loaded:
    """A file whose runner ended while it was loaded."""
    return Loaded(outcome_of(error), f"{source.name} {describe_exit(error)} while it was being loaded.")


def last_call(context: Context) -> str:
    """The latest call of a running check, in words."""
    return f"{context.calls[-1].function}(…)" if context.calls else "The submission"


def describe_timeout(error: CallTimedOut) -> str:
    """What ran out, in words."""
    if error.computed:
        return f"used {error.seconds:g} s of processor time without an answer"
    return f"gave no answer within {error.seconds:g} s"


def outcome_of(error: RunnerGone) -> Literal["crashed", "memory"]:
    """What it counts as that a runner has ended."""
    return "memory" if error.out_of_memory else "crashed"


def describe_exit(error: RunnerGone) -> str:
    """How a runner ended, in words."""
    if error.out_of_memory:
        return OUT_OF_MEMORY
    status = error.exit_status
    if status < 0 and status != -signal.SIGKILL:
        known = {number.value: number.name for number in signal.Signals}
        return f"was ended by {known.get(-status, f'signal {-status}')}"
    return str(error)

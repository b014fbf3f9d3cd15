"""What a call of a learner's function may raise in a check."""

from dataclasses import dataclass


@dataclass
class SubmissionError(Exception):
    """An exception in the submission, with the last line of the learner's own that it passed."""

    type: str
    text: str
    line: int | None
    code: str
    function: str
    observed: tuple = ()

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

    @property
    def summary(self) -> str:
        """The exception as Python would end a traceback: its type, and its text if it has one."""
        return f"{self.type}: {self.text}" if self.text else self.type

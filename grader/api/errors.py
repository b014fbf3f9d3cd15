"""What a call of a learner's function may raise in a check."""

from collections.abc import Mapping
from typing import Any, Final


class SubmissionError(Exception):
    """An exception in the submission, with the last line of the learner's own that it passed.

    Attributes:
        type: the name of its class.
        text: ``str`` of the exception.
        line: the number of the line, from 1; None if it passed no line of the learner's.
        code: that line.
        function: the function that the line is in.
        observed: what was seen of calls of ``Model.fit`` before it, as `observed_fits` returns it.
    """

    def __init__(
        self,
        type: str,
        text: str,
        line: int | None,
        code: str,
        function: str,
        observed: tuple[Mapping[str, Any], ...] = (),
    ) -> None:
        super().__init__(type, text, line, code, function, observed)
        self.type: Final = type
        self.text: Final = text
        self.line: Final = line
        self.code: Final = code
        self.function: Final = function
        self.observed: Final = observed

    def __str__(self) -> str:
        return self.summary

    @property
    def summary(self) -> str:
        """The exception as Python would end a traceback: its type, and its text if it has one."""
        says_nothing = self.type == "SystemExit" and self.text == "None"  # as of exit()
        return f"{self.type}: {self.text}" if self.text and not says_nothing else self.type

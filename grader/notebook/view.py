"""How a report gets to the learner: in a notebook it is redrawn in place, in a console it is printed as it grows."""

import time
from typing import Protocol

from grader.feedback.text import plain
from grader.notebook.cells import Shell
from grader.notebook.report import WIDTH, Report

OFTEN = 0.3  # seconds between two drawings of what goes on


class View(Protocol):
    """Shows a report that changes."""

    def changed(self) -> None:
        """There is a new result."""

    def goes_on(self) -> None:
        """The same thing goes on, a little further."""

    def over(self) -> None:
        """That was all."""


class Redrawn:
    """One output below the cell, which is replaced."""

    def __init__(self, report: Report) -> None:
        from IPython.display import display

        self._report, self._drawn = report, time.monotonic()
        self._handle = display(report, display_id=True)

    def changed(self) -> None:
        self._drawn = time.monotonic()
        self._handle.update(self._report)

    def goes_on(self) -> None:
        if time.monotonic() - self._drawn > OFTEN:
            self.changed()

    def over(self) -> None:
        self.changed()


class Printed:
    """Lines, each printed once. A console cannot take anything back."""

    def __init__(self, report: Report) -> None:
        self._report, self._count = report, 0
        print(report.begin_text())

    def changed(self) -> None:
        for result in self._report.results[self._count :]:
            print(plain(result, WIDTH))
        self._count = len(self._report.results)

    def goes_on(self) -> None:
        pass

    def over(self) -> None:
        self.changed()
        print("\n".join(self._report.end_text()))


def view_of(report: Report, shell: Shell | None) -> View:
    """A notebook's kernel can redraw; an IPython in a terminal, or plain Python, can only print."""
    return Redrawn(report) if hasattr(shell, "kernel") else Printed(report)

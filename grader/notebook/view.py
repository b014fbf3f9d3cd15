"""How a report reaches the learner: redrawn in place in a notebook, printed line by line in a console."""

import time
from typing import Protocol

from grader.feedback.text import plain
from grader.notebook.cells import Shell
from grader.notebook.report import WIDTH, Report

OFTEN = 0.3  # seconds between redraws while a check runs


class View(Protocol):
    """Shows a report that changes."""

    def changed(self) -> None:
        """A result or a step is new."""

    def goes_on(self) -> None:
        """The current step has progressed."""

    def over(self) -> None:
        """The report is complete."""


class Redrawn:
    """One output below the cell, replaced at every change."""

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
    """Lines that are printed once, because a console cannot take them back."""

    def __init__(self, report: Report) -> None:
        self._report, self._count = report, 0
        print(report.begin_text())

    def changed(self) -> None:
        for result in self._report.shown[self._count :]:
            print(plain(result, WIDTH))
        self._count = len(self._report.shown)

    def goes_on(self) -> None:
        pass

    def over(self) -> None:
        self.changed()
        print("\n".join(self._report.end_text()))


def view_of(report: Report, shell: Shell | None) -> View:
    """A notebook's kernel can redraw; IPython in a terminal and plain Python can only print."""
    return Redrawn(report) if hasattr(shell, "kernel") else Printed(report)

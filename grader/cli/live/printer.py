"""`digits watch` in a pipe or in a terminal that cannot be redrawn."""

from collections.abc import Callable

from grader.cli.live.grading import Grading
from grader.cli.live.page import Page, note_lines, points_line
from grader.cli.terminal import Terminal
from grader.feedback.text import is_folded, paragraph


class Printer:
    """Prints one verdict after another, each result as it arrives."""

    has_keys = False

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._grading: Grading | None = None
        self._printed = 0  # results
        self._is_done, self._note = True, ""

    def draw(self, page: Page) -> None:
        """Print what is new on the page."""
        terminal, grading = self._terminal, page.grading
        if grading is not self._grading:
            if not self._is_done:
                terminal.line((" saved again: starting over", "quiet"))
            self._grading, self._printed, self._is_done = grading, 0, grading is None
            if grading:
                terminal.line()
                terminal.title(page.lesson, page.file)
        for result in list(grading.results.values())[self._printed :] if grading else []:
            if not is_folded(result):
                terminal.result(result)
            self._printed += 1
        if grading and grading.verdict and not self._is_done:
            self._is_done, verdict = True, grading.verdict
            terminal.folded(verdict.checks)
            if verdict.message:
                terminal.lines(paragraph(verdict.outcome.replace("_", " "), verdict.message, terminal.width))
            terminal.lines([points_line(verdict)])
        if page.note != self._note:
            self._note = page.note
            terminal.lines(note_lines(page.note, terminal.width))
        terminal.console.file.flush()

    def lend(self, task: Callable[[], None]) -> None:
        """There are no keys, so nothing asks for it."""
        task()

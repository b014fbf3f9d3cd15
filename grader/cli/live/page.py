"""What `digits watch` shows: every check, what to fix first, a loss curve during training, and the keys."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from grader.cli.commands.hint import hint_lines
from grader.cli.live.grading import Grading
from grader.cli.terminal import Terminal
from grader.course import Lesson
from grader.feedback.text import Line, feedback, paragraph
from grader.verdict import CheckResult, Verdict

KEYS = {
    "h": ("hint", "the next hint for the check to fix first: a question, the concept, a worked hint"),
    "n": ("next", "the next exercise (the right arrow does the same)"),
    "p": ("previous", "the previous exercise (the left arrow does the same)"),
    "c": ("check", "check again without saving"),
    "r": ("reset", "replace your file with a fresh stub; your old file is kept"),
    "?": ("help", "this page"),
    "q": ("quit", "leave (Ctrl-C does the same)"),
}
MOST_COLUMNS = 80


@dataclass
class Page:
    """Everything there is to show. ``level`` is how many hints are open for the check to fix first."""

    lesson: Lesson
    file: str
    grading: Grading | None = None
    level: int = 0
    note: str = ""
    is_help: bool = False

    @property
    def focus(self) -> CheckResult | None:
        return self.grading.focus if self.grading else None

    def lines(self, columns: int, rows: int, unicode: bool) -> list[Line]:
        """The most detailed version of the page that fits. If even the shortest is too long, it is cut off with a note.

        The bottom lines are always shown.
        """
        width = min(columns, MOST_COLUMNS)
        head = [self._heading(), []]
        foot = [[], *self._notes(width), self._status(), keys_line()]
        room = max(0, rows - len(head) - len(foot))
        for version in ("everything", "focus", "without passed", "without curve"):
            body = list(help_lines(width) if self.is_help else self._body(version, width, unicode))
            if len(body) <= room:
                break
        else:
            body = body[: max(0, room - 1)] + [[("   … (enlarge the window to see more)", "quiet")]][: room > 0]
        body += [[]] * (room - len(body))
        return [*head, *body, *foot][-rows:]

    def _heading(self) -> Line:
        return [(f" {self.lesson.number}  {self.lesson.title}", "heading"), (f"   {self.file}", "quiet")]

    def _notes(self, width: int) -> list[Line]:
        return list(paragraph(" ", self.note, width)) if self.note else []

    def _status(self) -> Line:
        grading = self.grading
        if grading is None:
            return [(" waiting for the file", "quiet")]
        most = sum(check.points for check in grading.checks)
        if grading.verdict:
            return points_line(grading.verdict)
        doing = "training" if grading.is_training else "checking"
        seconds = f"{grading.seconds:.0f} s" if grading.seconds >= 1 else ""
        return [(f" {grading.points:g} of {most:g} points so far", ""), (f"   {doing} {seconds}", "quiet")]

    def _body(self, version: str, width: int, unicode: bool) -> Iterator[Line]:
        grading = self.grading
        if grading is None:
            return
        if grading.verdict and grading.verdict.message:
            yield from paragraph(grading.verdict.outcome.replace("_", " "), grading.verdict.message, width)
            yield []
        if grading.verdict and not grading.verdict.checks:
            return
        passed = [result for result in grading.results.values() if result.outcome == "passed"]
        if len(passed) > 1 and version in {"without passed", "without curve"}:
            points = f"{sum(result.points for result in passed):g}"
            yield [
                (f" {'✓' if unicode else '+'} ", "good"),
                (f"{points:>4}  ", "quiet"),
                (f"{len(passed)} checks pass", ""),
            ]
        else:
            passed = []
        for check in grading.checks:
            result = grading.results.get(check.name)
            if result is None:
                mark = ("▸" if unicode else ">") if check == grading.running else " "
                yield [(f" {mark} ", "title"), (f"  /{check.points:g}  {check.title}", "quiet")]
                if check == grading.running and version != "without curve":
                    yield from grading.curve.lines(unicode)
            elif result is self.focus:
                yield from feedback(result, width, unicode)
                if self.level:
                    yield from hint_lines(check.hints, self.level, width)
            elif result not in passed:
                lines = list(feedback(result, width, unicode))
                yield from lines if version == "everything" else lines[:1]


class Printer:
    """For a pipe or a terminal that cannot be redrawn: prints one verdict after another, each result as it arrives."""

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
                terminal.line((f" {page.lesson.number}  {page.lesson.title}", "heading"), (f"   {page.file}", "quiet"))
        for result in list(grading.results.values())[self._printed :] if grading else []:
            terminal.result(result)
            self._printed += 1
        if grading and grading.verdict and not self._is_done:
            self._is_done, verdict = True, grading.verdict
            if verdict.message:
                terminal.lines(paragraph(verdict.outcome.replace("_", " "), verdict.message, terminal.width))
            terminal.lines([points_line(verdict)])
        if page.note != self._note:
            self._note = page.note
            terminal.lines(paragraph(" ", page.note, terminal.width) if page.note else [])
        terminal.console.file.flush()


def points_line(verdict: Verdict) -> Line:
    style = "good" if verdict.score == verdict.max_score else "title"
    points = f" {verdict.score:g} of {verdict.max_score:g} points"
    return [(points, style), (f"   {verdict.seconds:.1f} s", "quiet")]


def keys_line() -> Line:
    parts = [[(f" {key}", "title"), (f" {name} ", "quiet")] for key, (name, _) in KEYS.items()]
    return [part for pair in parts for part in pair]


def help_lines(width: int) -> Iterator[Line]:
    yield [(" Save the file in your editor to check it again: quick checks run first,", "")]
    yield [(" training last and in the background. Saving again stops it and starts over.", "")]
    yield []
    for key, (name, meaning) in KEYS.items():
        yield from key_lines(key, name, meaning, width)
    yield []
    yield [(" Press any key to go back.", "quiet")]


def key_lines(key: str, name: str, meaning: str, width: int) -> Iterator[Line]:
    for number, line in enumerate(textwrap.wrap(meaning, max(20, width - 17))):
        yield [
            (f"   {key if number == 0 else ' '}  ", "title"),
            (f"{name if number == 0 else '':<10} ", ""),
            (line, ""),
        ]

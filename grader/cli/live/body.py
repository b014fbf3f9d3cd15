"""The checks on the page of `digits watch`: the first to fix in full, the others in a line each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.api import Check
from grader.cli.live.grading import Grading
from grader.feedback.hints import hint_lines
from grader.feedback.text import Line, feedback, paragraph
from grader.verdict import CheckResult


@dataclass
class Body:
    """Lines, and where among them the part begins and ends that matters now."""

    lines: list[Line] = field(default_factory=list)
    start: int = 0
    stop: int = 0

    def add(self, lines: Iterator[Line], matters: bool = False) -> None:
        before = len(self.lines)
        self.lines += lines
        if matters:
            self.start, self.stop = before, len(self.lines)


@dataclass(frozen=True)
class Look:
    """How the checks are shown. ``level`` is how many hints are open for the check to fix first."""

    width: int
    unicode: bool
    level: int = 0
    shows_all: bool = False  # every check in full
    folds_passed: bool = False  # the checks that pass in one line
    draws_curve: bool = True


def body_of(grading: Grading, look: Look) -> Body:
    """The checks in their order; below the one that is running, its training."""
    body = Body()
    verdict = grading.verdict
    if verdict and verdict.message:
        body.add(paragraph(verdict.outcome.replace("_", " "), verdict.message, look.width))
        body.add(iter([[]]))
    if verdict and not verdict.checks:
        return body
    passed = [result for result in grading.results.values() if result.outcome == "passed"]
    is_folded = look.folds_passed and len(passed) > 1
    if is_folded:
        body.add(iter([folded(passed, look.unicode)]))
    focus = grading.focus
    for check in grading.checks:
        result = grading.results.get(check.name)
        if result is None:
            is_running = check == grading.running
            body.add(open_lines(grading, check, look), matters=is_running and focus is None)
        elif result is focus:
            body.add(focus_lines(check, result, look), matters=True)
        elif not (is_folded and result in passed):
            is_whole = look.shows_all or focus is None
            body.add(result_lines(result, is_whole, look))
    return body


def folded(passed: list[CheckResult], unicode: bool) -> Line:
    points = f"{sum(result.points for result in passed):g}"
    mark = f" {'✓' if unicode else '+'} "
    return [(mark, "good"), (f"{points:>4}  ", "quiet"), (f"{len(passed)} checks pass", "")]


def open_lines(grading: Grading, check: Check, look: Look) -> Iterator[Line]:
    """A check without a result so far."""
    is_running = check == grading.running
    mark = ("▸" if look.unicode else ">") if is_running else " "
    waiting = CheckResult(check.name, check.title, "skipped", 0, check.points)
    first, *others = (line for line in feedback(waiting, look.width) if line[-1][1] == "title")
    yield [(f" {mark} ", "title"), (f"  /{check.points:g}  {first[-1][0]}", "quiet")]
    yield from ([(line[-1][0], "quiet")] for line in others)
    if is_running and look.draws_curve:
        yield from grading.curve.lines(look.unicode, look.width)


def focus_lines(check: Check, result: CheckResult, look: Look) -> Iterator[Line]:
    """The check to fix first, with its hints."""
    yield from feedback(result, look.width, look.unicode)
    if look.level:
        yield from hint_lines(check.hints, look.level, look.width)
    if check.hints and look.level == len(check.hints):
        yield [(f"{'':9}That was the last hint.", "quiet")]


def result_lines(result: CheckResult, is_whole: bool, look: Look) -> Iterator[Line]:
    """A check in full, or its title alone."""
    for line in feedback(result, look.width, look.unicode):
        if is_whole or line[-1][1] == "title":
            yield line

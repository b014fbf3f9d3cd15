"""What `digits watch` shows: what to fix first, the other checks, a loss curve during training, and the keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from grader.cli.live.body import Body, Look, body_of
from grader.cli.live.choosing import ExerciseList
from grader.cli.live.grading import Grading
from grader.cli.live.legend import LIST_KEYS, help_lines, keys_lines, page_keys
from grader.cli.live.viewport import Viewport
from grader.course import Lesson
from grader.feedback.text import Line, paragraph, title_lines
from grader.verdict import CheckResult, Verdict

MOST_COLUMNS = 80
LONGEST_BAR = 40
LOW = 14  # rows below which the page does without what only decorates it


@dataclass
class Page:
    """Everything there is to show. ``level`` is how many hints are open for the check to fix first."""

    lesson: Lesson
    file: str
    grading: Grading | None = None
    level: int = 0
    note: str = ""  # each of its lines is a paragraph
    is_help: bool = False
    shows_all: bool = False
    listing: ExerciseList | None = None
    viewport: Viewport = field(default_factory=Viewport)

    @property
    def focus(self) -> CheckResult | None:
        return self.grading.focus if self.grading else None

    def lines(self, columns: int, rows: int, unicode: bool) -> list[Line]:
        """The page at this size. What does not fit can be scrolled to; the bottom lines are always shown."""
        width = min(columns, MOST_COLUMNS)
        head = [*self._heading(width, rows, unicode), []]
        foot = [[], *self._foot(width, rows)]
        room = max(0, rows - len(head) - len(foot))
        body = self._body(width, room, unicode)
        shown = self.viewport.shown(body.lines, room, body.start, body.stop, last=self.level > 0)
        return [*head, *shown, *foot][-rows:]

    def _heading(self, width: int, rows: int, unicode: bool) -> list[Line]:
        if self.listing:
            return [self.listing.heading()]
        lines = title_lines(self.lesson.number, self.lesson.title, self.file, width)
        if rows < LOW:
            return lines[: max(1, rows // 5)]
        return [*lines, points_bar(self.grading, width, unicode)] if self.grading else lines

    def _foot(self, width: int, rows: int) -> list[Line]:
        most = max(1, rows // 6)
        if self.listing:
            return keys_lines(LIST_KEYS, width, most)
        if self.is_help:
            return [[(" Press any key to go back. ", "quiet"), ("q", "title"), (" quit", "quiet")]]
        keys = page_keys(self.level, self._hints)
        return [*note_lines(self.note, width), self._status(), *keys_lines(keys, width, most)]

    @property
    def _hints(self) -> int:
        """How many hints there are for the check to fix first."""
        focus = self.focus
        found = (check for check in (self.grading.checks if self.grading else ()) if focus and check.name == focus.name)
        return next((len(check.hints) for check in found), 0)

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

    def _body(self, width: int, room: int, unicode: bool) -> Body:
        """The most detailed version of the body that fits. If none does, one that can be scrolled."""
        if self.listing:
            return self.listing.body(width, unicode)
        if self.is_help:
            return Body(list(help_lines(width)))
        if self.grading is None:
            return Body()
        look = Look(width, unicode, self.level, self.shows_all)
        whole = body_of(self.grading, look)
        if self.shows_all or len(whole.lines) <= room:
            return whole
        folded = body_of(self.grading, replace(look, folds_passed=True))
        if len(folded.lines) <= room:
            return folded
        without_curve = body_of(self.grading, replace(look, folds_passed=True, draws_curve=False))
        return without_curve if len(without_curve.lines) <= room else folded


def note_lines(note: str, width: int) -> Iterator[Line]:
    for part in note.splitlines():
        yield from paragraph(" ", part, width)


def points_bar(grading: Grading, width: int, unicode: bool) -> Line:
    """The points of the exercise as a bar."""
    most = sum(check.points for check in grading.checks)
    length = min(LONGEST_BAR, max(1, width - 2))
    done = int(length * grading.points / most) if most else 0
    full, empty = ("━", "─") if unicode else ("#", "-")
    return [(f" {full * done}", "good"), (empty * (length - done), "quiet")]


def points_line(verdict: Verdict) -> Line:
    style = "good" if verdict.score == verdict.max_score else "title"
    points = f" {verdict.score:g} of {verdict.max_score:g} points"
    return [(points, style), (f"   {verdict.seconds:.1f} s", "quiet")]

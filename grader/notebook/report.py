"""What a check in a notebook shows, as HTML and as text for consoles."""

import textwrap
from dataclasses import dataclass, field
from typing import Any

from grader.course import Lesson
from grader.feedback.html import check_html, quiet_html, text_html
from grader.feedback.text import folded, is_folded, paragraph, plain, still_open
from grader.figures import STYLE
from grader.verdict import CheckResult, Verdict

WIDTH = 80
INDENT = "    "
ROW = "background: transparent"  # and stripe their rows
LEFT = "text-align: left; margin: 0; font-size: inherit; color: inherit"  # notebooks style tables themselves


@dataclass
class Report:
    """A check in progress or finished. IPython displays it through `_repr_mimebundle_`."""

    lesson: Lesson
    origin: str
    results: list[CheckResult] = field(default_factory=list)
    running: str = ""  # the current step
    place: str = ""  # its progress in words
    share: float | None = None  # the fraction that is done, if known
    verdict: Verdict | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)  # a label and a sentence
    part: str = ""  # the points in words, if only a part of the exercise was checked

    @property
    def heading(self) -> str:
        return f"{self.lesson.number}  {self.lesson.title}"

    @property
    def total(self) -> str:
        """The points in words, once there is a verdict."""
        if self.verdict is None or self.verdict.outcome == "grader_error":
            return self.part
        return f"{self.verdict.score:g} of {self.verdict.max_score:g} points"

    @property
    def seconds(self) -> str:
        return f"{self.verdict.seconds:.1f} s" if self.verdict else ""

    @property
    def waiting(self) -> str:
        return f"{self.running}: {self.place}" if self.place else f"{self.running}…"

    @property
    def shown(self) -> list[CheckResult]:
        """The checks that get a row of their own."""
        return [result for result in self.results if not is_folded(result)]

    def text(self) -> str:
        """The same text as `digits check` prints."""
        parts = [self.begin_text(), *(plain(result, WIDTH) for result in self.shown)]
        return "\n".join([*parts, *self.end_text()])

    def begin_text(self) -> str:
        return "\n".join(
            [f" {self.heading}", *textwrap.wrap(self.origin, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)]
        )

    def end_text(self) -> list[str]:
        waiting = [f"   {self.waiting}"] if self.running else []
        notes = ["".join(text for text, _ in line) for note in self.notes for line in paragraph(*note, WIDTH)]
        quiet = ["".join(text for text, _ in line) for line in folded(self.results, WIDTH)]
        return [*quiet, *waiting, *notes, *([f" {self.total}   {self.seconds}".rstrip()] if self.total else [])]

    def html(self) -> str:
        """A table with a row for each check; below it, the current step or the total."""
        rows = [check_html(result) for result in self.shown]
        rows += [quiet_html(phrase) for _, phrase in still_open(self.results)]
        rows += [f"<b>{text_html(label)}</b> {text_html(sentence)}" for label, sentence in self.notes]
        if self.running:
            known = f' value="{self.share:.3f}"' if self.share is not None else ""
            rows.append(f"<progress{known}></progress> {quiet_html(self.waiting)}")
        if self.total:
            rows.append(f"<b>{text_html(self.total)}</b> {quiet_html(self.seconds)}")
        caption = f"<b>{text_html(self.heading)}</b><br>{quiet_html(self.origin)}"
        body = "".join(f'<tr style="{ROW}"><td style="{LEFT}">{row}</td></tr>' for row in rows)
        style = STYLE if any(result.pictures for result in self.shown) else ""
        return f'{style}<table style="width: 100%; {LEFT}"><caption style="{LEFT}">{caption}</caption>{body}</table>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

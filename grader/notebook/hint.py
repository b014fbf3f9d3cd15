"""`hint()`: the next hint for the check to fix first, in a notebook. It is the same memory as that of `digits hint`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.course import Lesson
from grader.engine.first_failing import first_failing
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.session import Session, load_checks
from grader.feedback.hints import LEVELS, hint_lines
from grader.feedback.html import quiet_html as quiet
from grader.feedback.html import text_html
from grader.feedback.text import paragraph
from grader.notebook.check import find_work, in_sentences, running_shell
from grader.notebook.choice import Choice
from grader.notebook.report import WIDTH
from grader.progress.record import progress_path, read_progress, record_hint, record_verdict
from grader.verdict import CheckResult, Verdict


def hint(exercise: str | None = None) -> None:
    """Show the next hint for the first check that fails: a question, the concept, then a worked hint.

    Hints cost no points. They start over once the check passes.

    Args:
        exercise: its name or number, "dense" or "5". By default, the one you checked last in this notebook, or the
            one the notebook is named after.
    """
    in_sentences(lambda: give_hint(*find_work(exercise, running_shell())))


def give_hint(lesson: Lesson, choice: Choice, workspace: Path) -> None:
    """Grade until a check fails, and show its hints up to the next one."""
    with Engine(background.connect) as engine, Session(lesson, choice.source, engine) as session:
        found = (None if session.load() else first_failing(session)) or session.verdict()  # no check runs twice
    if isinstance(found, Verdict):
        say_why_not(workspace, lesson, found)
    elif found.outcome == "grader_error":
        print(found.message)
    else:
        passed = [result.name for result in session.results.values() if result.outcome == "passed"]
        show(next_hints(lesson, choice, workspace, found, passed))


def say_why_not(workspace: Path, lesson: Lesson, verdict: Verdict) -> None:
    """Everything passes, or the work cannot be graded at all."""
    passed = f"All checks of {lesson.slug} pass. There is no hint to give."
    print(verdict.message if verdict.outcome != "graded" else passed)
    if verdict.outcome == "graded":
        print(f'Compare your code with the reference: solution("{lesson.slug}")')
    note = record_verdict(workspace, verdict)
    if note:
        print(note)


@dataclass(frozen=True)
class Hints:
    """What IPython displays: the check to fix first and its hints so far, the newest one in full strength."""

    lesson: Lesson
    origin: str
    title: str
    hints: tuple[str, ...]
    level: int
    note: str = ""

    @property
    def advice(self) -> str:
        if self.level < len(self.hints):
            return f'Think about it first. For the next hint: hint("{self.lesson.slug}")'
        return f'That was the last hint. Check your work: check("{self.lesson.slug}")'

    def text(self) -> str:
        lines = list(hint_lines(self.hints, self.level, WIDTH))
        lines += list(paragraph("note", self.note, WIDTH)) if self.note else []
        shown = ["".join(text for text, _ in line) for line in lines]
        return "\n".join([f" {self.lesson.number}  {self.lesson.title}", f"         {self.title}", *shown, self.advice])

    def html(self) -> str:
        parts = [f"<b>{text_html(f'{self.lesson.number}  {self.lesson.title}')}</b>", quiet(self.origin)]
        parts.append(f"<b>{text_html(self.title)}</b>")
        for number, (level, hint) in enumerate(zip(LEVELS, self.hints, strict=False), start=1):
            label = quiet(f"hint {number} of {len(self.hints)}: {level}")
            if number <= self.level:
                parts.append(f"{label}<br>{text_html(hint) if number == self.level else quiet(hint)}")
        parts += [text_html(self.note)] if self.note else []
        parts.append(quiet(self.advice))
        return "".join(f'<div style="margin: 6px 0; line-height: 1.5">{part}</div>' for part in parts)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}


def next_hints(lesson: Lesson, choice: Choice, workspace: Path, failing: CheckResult, passed: list[str]) -> Hints:
    """The hints up to the next one, which is recorded as shown."""
    check = next(check for check in load_checks(lesson.checks_path) if check.name == failing.name)
    level = min(read_progress(workspace).of(lesson).hints_shown.get(check.name, 0) + 1, len(check.hints))
    note = ""
    try:
        record_hint(workspace, lesson.slug, check.name, level, passed)
    except OSError as error:
        note = f"This hint could not be recorded in {progress_path(workspace)} ({error.strerror})."
    return Hints(lesson, choice.origin, check.title, check.hints, level, note)


def show(shown: Any) -> None:
    """Display it in a notebook, or print its text in a console."""
    if hasattr(running_shell(), "kernel"):
        from IPython.display import display

        display(shown)
    else:
        print(shown.text())

"""`digits demo`: grades a correct, an incorrect and a cheating submission on real digits while you watch."""

import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.table import Table

from grader.cli.commands.check import print_verdict
from grader.cli.terminal import Terminal
from grader.course import REPOSITORY, CourseError, find_lesson
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import read_source
from grader.feedback.text import paragraph
from grader.verdict import Verdict

EXERCISE = "dense"


@dataclass(frozen=True)
class Example:
    """A submission that the demo grades."""

    student: str
    introduction: str
    path: Path


EXAMPLES = (
    Example("Ada", "has a correct solution.", REPOSITORY / "solutions" / "05_dense.py"),
    Example("Ben", "made a common mistake.", REPOSITORY / "tests/mistakes/05_dense/softmax-and-from-logits.py"),
    Example(
        "Cleo",
        "cheats: her network memorizes every digit it can get and looks them up.",
        REPOSITORY / "tests/attacks/dense_remembers_every_digit/submission.py",
    ),
)
EXPLANATION = (
    "Cleo's lookup table failed: the grader renamed the classes and shuffled the pixels in secret, which does not "
    "affect a network that learns. Hers is marked self-reported: it could not be rebuilt from its layers, so review it."
)
COLUMNS = ("student", "points", "result", "test accuracy", "to review")
ROOM = 1000  # columns, for measuring how wide the table would like to be


def run_demo() -> None:
    """Grade three submissions, show what each student sees, then what the instructor sees."""
    missing = [example.path for example in EXAMPLES if not example.path.is_file()]
    if missing:
        raise CourseError(f"The demo needs {missing[0]}, which is missing. Run it in a complete copy of the course.")
    terminal, lesson, started = Terminal(), find_lesson(EXERCISE), time.monotonic()
    terminal.wrapped(("Three students submit exercise 5, a network that learns to recognize digits.", "heading"))
    terminal.wrapped(("Each network that can be built is trained now and tested on 10,000 new digits.", "quiet"))
    secret, verdicts = secrets.token_bytes(32), []
    with Engine() as engine:
        engine.warm(lesson.runtime)
        for example in EXAMPLES:
            terminal.line()
            terminal.wrapped((example.student, "heading"), example.introduction)
            verdicts.append(print_verdict(terminal, lesson, read_source(example.path), engine, secret))
    terminal.line()
    show_class(terminal, verdicts)
    terminal.wrapped(EXPLANATION)
    terminal.line()
    terminal.wrapped((f"{time.monotonic() - started:.0f} s in total.", "quiet"), "Your turn:", ("./digits", "title"))


def show_class(terminal: Terminal, verdicts: list[Verdict]) -> None:
    """The instructor's view: one row for each submission, or its cells below each other where a row does not fit."""
    terminal.line((" What the instructor sees", "heading"))
    rows = [row(example, verdict) for example, verdict in zip(EXAMPLES, verdicts, strict=True)]
    table = Table(box=box.SIMPLE_HEAD if terminal.unicode else box.ASCII2, header_style="bold")
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in {"points", "test accuracy"} else "left")
    for cells in rows:
        table.add_row(*cells)
    room = terminal.console.options.update(width=ROOM)
    if terminal.console.measure(table, options=room).maximum > terminal.width:
        show_stacked(terminal, rows)
        return
    table.width = terminal.width
    terminal.console.print(table)


def row(example: Example, verdict: Verdict) -> tuple[str, ...]:
    """What the instructor sees of a submission: one cell for each of the columns."""
    accuracies = [check.measurements.get("accuracy") for check in verdict.checks]
    accuracy = next((f"{value:.0%}" for value in accuracies if value is not None), "not trained")
    failed = next((check for check in verdict.checks if check.outcome != "passed"), None)
    know = "all checks passed" if failed is None else failed.mistake or f"{failed.name}: {failed.outcome}"
    points = f"{verdict.score:g}/{verdict.max_score:g}"
    return example.student, points, know, accuracy, ", ".join(verdict.flags)


def show_stacked(terminal: Terminal, rows: list[tuple[str, ...]]) -> None:
    """The rows of a table without the table, for a narrow terminal."""
    widest = max(map(len, COLUMNS))
    for cells in rows:
        terminal.line()
        for name, cell in zip(COLUMNS, cells, strict=True):
            terminal.lines(paragraph(f"{name:<{widest}}", cell, terminal.width, "quiet") if cell else ())
    terminal.line()

"""`digits next`: the next unsolved exercise and a review question. The map ends with the same lines."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from grader.cli.commands.recall import show_review_question
from grader.cli.commands.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, ready_lessons
from grader.feedback.text import Line
from grader.progress.record import Progress

ALL_SOLVED = "Every available exercise is solved."


def show_next() -> None:
    """Show the next unsolved exercise with its lesson, file and first command, and a review question."""
    terminal, workspace = Terminal(), find_workspace()
    progress = open_progress(terminal, workspace)
    lesson = next_open(progress)
    if lesson is None:
        terminal.wrapped((ALL_SOLVED, "good"), "Well done.")
        terminal.wrapped("Compare your code with the reference:", ("./digits solution EXERCISE", "title"))
        return
    record = progress.of(lesson)
    terminal.title(lesson)
    reached = f"{record.points(lesson):g} of {lesson.points} points so far" if record.best else "not started yet"
    terminal.line(
        (f"    about {lesson.minutes} minutes, {'to be checked again' if record.unknown else reached}", "quiet")
    )
    terminal.line()
    terminal.lines(steps(lesson, workspace, terminal.width))
    show_review_question(terminal, lesson, progress)


def next_open(progress: Progress) -> Lesson | None:
    """The first available exercise, in the order of the course, that is not solved yet."""
    return next((lesson for lesson in ready_lessons() if not progress.of(lesson).solves(lesson)), None)


def steps(lesson: Lesson, workspace: Path, width: int) -> Iterator[Line]:
    """What to do for an exercise: read its lesson, and write its functions while `watch` grades them."""
    work = lesson.work_path(workspace).relative_to(workspace)
    rows = [
        ("read", f"./digits lab {lesson.slug}", f"opens lessons/{lesson.stem}.md"),
        ("write", f"./digits watch {lesson.slug}", f"grades {work} as you save"),
    ]
    if not (workspace / work).exists():
        rows.insert(0, ("first", f"./digits reset {lesson.slug}", "your file is gone: this makes a fresh one"))
    widest = max(len(command) for _, command, _ in rows)
    for label, command, effect in rows:
        start: Line = [(f" {label:<6} ", "quiet")]
        if len(f" {label:<6} {command:<{widest}}  {effect}") <= width:
            yield [*start, (f"{command:<{widest}}", "title"), (f"  {effect}", "")]
        else:
            yield [*start, (command, "title")]
            yield from ([(f"{'':<8}{line}", "")] for line in textwrap.wrap(effect, max(20, width - 8)))

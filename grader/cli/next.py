"""`digits next`: the next open exercise, and a question from some lessons ago. The map uses the same choice."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from grader.cli.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, ready_lessons
from grader.feedback import Line, paragraph
from grader.progress import Progress

LESSONS_BACK = range(2, 6)  # long enough ago to be half forgotten, which is when remembering helps most


def show_next() -> None:
    """The next open exercise with its lesson, file and first command, and one old question."""
    terminal, workspace = Terminal(), find_workspace()
    progress = open_progress(terminal, workspace)
    lesson = next_open(progress)
    if lesson is None:
        terminal.line((" Every exercise that is ready is solved.", "good"), " Well done.")
        terminal.line(" Compare your work with the reference: ", ("./digits solution EXERCISE", "title"))
        return
    record = progress.of(lesson)
    terminal.line((f" {lesson.number}  {lesson.title}", "heading"))
    reached = f"{record.points(lesson):g} of {lesson.points} points so far" if record.best else "not begun yet"
    terminal.line(
        (f"    about {lesson.minutes} minutes, {'to be checked again' if record.unknown else reached}", "quiet")
    )
    terminal.line()
    terminal.lines(steps(lesson, workspace))
    old = old_question(lesson, progress)
    if old is not None:
        terminal.line()
        show_question(terminal, *old)


def next_open(progress: Progress) -> Lesson | None:
    """The first exercise, in the course's order, that is ready and not solved yet."""
    return next((lesson for lesson in ready_lessons() if not progress.of(lesson).solves(lesson)), None)


def steps(lesson: Lesson, workspace: Path) -> Iterator[Line]:
    """What to do about an exercise: its lesson, its file, its first command."""
    work = lesson.work_path(workspace).relative_to(workspace)
    yield [(" next  ", "quiet"), ("read ", "quiet"), (f"lessons/{lesson.stem}.md", "")]
    yield [("       edit ", "quiet"), (str(work), "")]
    yield [("       run  ", "quiet"), (f"./digits check {lesson.slug}", "title")]


def old_question(lesson: Lesson, progress: Progress) -> tuple[Lesson, Any] | None:
    """The seam to the predictions: a question from two to five lessons back, another one each day.

    Questions not answered yet come first. None where there are no predictions, or none that far back.
    """
    try:
        from grader.predictions import questions
    except ModuleNotFoundError:
        return None
    back = [before for before in ready_lessons() if lesson.number - before.number in LESSONS_BACK]
    all_of_them = [(before, question) for before in back for question in questions(before)]
    fresh = [(before, asked) for before, asked in all_of_them if asked.key not in progress.answers.get(before.slug, {})]
    chosen = fresh or all_of_them
    return chosen[date.today().toordinal() % len(chosen)] if chosen else None


def show_question(terminal: Terminal, lesson: Lesson, question: Any) -> None:
    """Show a prediction question: its ``text``, and its ``choices`` by letter."""
    terminal.line((f" Do you still know? From lesson {lesson.number}, {lesson.slug}:", "quiet"))
    terminal.lines(paragraph("", question.text, terminal.width))
    for letter, choice in question.choices.items():
        terminal.lines(paragraph(f"   {letter})", choice, terminal.width))

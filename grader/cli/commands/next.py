"""`digits next`: the next open exercise, and an old question. The map says the same at its foot."""

from collections.abc import Iterator
from pathlib import Path

from grader.cli.commands.recall import show_old_question
from grader.cli.commands.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, ready_lessons
from grader.feedback.text import Line
from grader.progress.record import Progress


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
    show_old_question(terminal, lesson, progress)


def next_open(progress: Progress) -> Lesson | None:
    """The first exercise, in the course's order, that is ready and not solved yet."""
    return next((lesson for lesson in ready_lessons() if not progress.of(lesson).solves(lesson)), None)


def steps(lesson: Lesson, workspace: Path) -> Iterator[Line]:
    """What to do about an exercise: its lesson, its file, its first command."""
    work = lesson.work_path(workspace).relative_to(workspace)
    yield [(" next  ", "quiet"), ("read ", "quiet"), (f"lessons/{lesson.stem}.md", "")]
    yield [("       edit ", "quiet"), (str(work), "")]
    yield [("       run  ", "quiet"), (f"./digits check {lesson.slug}", "title")]

"""`digits next`: the next unsolved exercise and a review question. The map ends with the same lines. What to do after
full points is here, too."""

from collections.abc import Iterator
from pathlib import Path

from grader.cli.commands.recall import show_review_question, wrapped
from grader.cli.commands.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, ready_lessons
from grader.feedback.text import Line
from grader.progress.record import Progress

ALL_SOLVED = "Every available exercise is solved."
INDENT = 8  # of what a command does, where that stands below the command


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
    path = lesson.work_path(workspace)
    work = path.relative_to(workspace)
    rows = [
        ("read", f"./digits lab {lesson.slug}", f"opens lessons/{lesson.stem}.md"),
        ("write", f"./digits watch {lesson.slug}", f"grades {work} as you save"),
    ]
    if not path.exists():
        rows.insert(0, ("first", f"./digits reset {lesson.slug}", "your file is gone: this makes a fresh one"))
    elif path.is_file() and not path.stat().st_size:
        rows.insert(0, ("first", f"./digits reset {lesson.slug}", "your file is empty: this makes a fresh one"))
    widest = max(len(command) for _, command, _ in rows)
    longest = max(len(word) for _, _, effect in rows for word in effect.split())
    indent = max(1, min(INDENT, width - longest))  # neither a path nor a command is cut while there is room for it
    beside = INDENT if INDENT + widest <= width else INDENT - 1
    for label, command, effect in rows:
        start: Line = [(f" {label:<{beside - 1}}", "quiet")]
        if beside + widest + len(f"  {effect}") <= width:
            yield [*start, (f"{command:<{widest}}", "title"), (f"  {effect}", "")]
        else:
            yield [*start, (command, "title")]
            yield from ([(f"{'':<{indent}}{line}", "")] for line in wrapped(effect, width - indent))


def steps_after(lesson: Lesson) -> list[str]:
    """What to do with an exercise once all of its checks pass, in sentences that end with a command."""
    compare = f"Compare with the reference: ./digits solution {lesson.slug}" if lesson.solution_path.is_file() else ""
    return [sentence for sentence in (compare, lesson.training_offer) if sentence]


def step_to_next(lesson: Lesson, progress: Progress) -> list[str]:
    """The sentence that leads from an exercise to the next open one, if there is one."""
    following = next_open(progress)
    return [f"Next exercise, {following.slug}: ./digits next"] if following and following != lesson else []


def show_steps_after(terminal: Terminal, lesson: Lesson, progress: Progress) -> None:
    """Say what to do after full points: at most three things, each in a line of its own."""
    for sentence in (*steps_after(lesson), *step_to_next(lesson, progress)):
        words, start, command = sentence.partition("./digits")
        terminal.wrapped((words, "quiet"), (start + command, "title"))

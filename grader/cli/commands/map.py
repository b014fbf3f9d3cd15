"""`digits`: the map of the course."""

from pathlib import Path

from grader.cli.commands.next import ALL_SOLVED, next_open, steps
from grader.cli.commands.recall import show_review_question, wrapped
from grader.cli.commands.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace, lessons, ready_lessons
from grader.feedback.text import Line
from grader.launcher.before import hello
from grader.progress.record import Record

NARROW = 48  # columns below which titles are left out
SHORTEST_TITLE = 12
MOST_NAMED = 3  # missing files
STATES = {  # state: (mark, the same in ASCII, style)
    "solved": ("●", "*", "good"),
    "started": ("◐", "+", ""),
    "open": ("○", "-", "quiet"),
    "check again": ("?", "?", "question"),
}


def show() -> None:
    """Show every lesson with its state, points and time spent, what to do next, and a review question."""
    terminal, workspace = Terminal(), find_workspace()
    progress = open_progress(terminal, workspace)
    following = next_open(progress)
    is_narrow = terminal.width < NARROW
    terminal.line((" Digits", "heading"), "" if is_narrow else "  from raw pixels to convolutional networks")
    terminal.line()
    if not any(progress.of(lesson).seconds or progress.of(lesson).best for lesson in ready_lessons()):
        for line in hello(terminal.width - 1):
            terminal.line(f" {line}")
        terminal.line()
    for lesson in lessons():
        terminal.line(*row(terminal, lesson, progress.of(lesson), lesson == following))
    ready = list(ready_lessons())
    records = [progress.of(lesson) for lesson in ready]
    shown = ["solved", "started", "open"] + ["check again"] * any(record.unknown for record in records)
    marks = [f"{STATES[state][0 if terminal.unicode else 1]} {state}" for state in shown]
    terminal.line(("  " + "   ".join(marks), "quiet"))
    terminal.line()
    reached = sum(record.points(lesson) for record, lesson in zip(records, ready, strict=True))
    spent = duration(sum(record.seconds for record in records))
    total = f" {reached:g} of {sum(lesson.points for lesson in ready)} points"
    terminal.line(total + (f", about {spent} of work" if spent else ""))
    tell_missing(terminal, workspace, following)
    if following:
        title = following.slug if is_narrow else following.title
        terminal.line((" next   ", "quiet"), (f"{following.number}  {title}", "title"))
        terminal.lines(steps(following, workspace, terminal.width))
        show_review_question(terminal, following, progress)
    else:
        terminal.line(f" {ALL_SOLVED}")


def tell_missing(terminal: Terminal, workspace: Path, following: Lesson | None) -> None:
    """Say which exercises have no file, if others have one. The steps of the next exercise tell of its own."""
    ready = list(ready_lessons())
    missing = [lesson for lesson in ready if not lesson.work_path(workspace).exists()]
    slugs = [lesson.slug for lesson in missing if lesson != following]
    if not slugs or len(missing) == len(ready):
        return
    names = ", ".join(slugs) if len(slugs) <= MOST_NAMED else f"{len(slugs)} exercises"
    for line in wrapped(f"No file for {names}. For a fresh one:", terminal.width - 1):
        terminal.line(f" {line}")
    terminal.line("   ", (f"./digits reset {slugs[0] if len(slugs) == 1 else 'EXERCISE'}", "title"))


def row(terminal: Terminal, lesson: Lesson, record: Record, is_next: bool) -> Line:
    """One lesson in one line. The title gets the space that is left."""
    state = state_of(lesson, record)
    mark, ascii_mark, style = STATES[state]
    if lesson.is_ready:
        points = "?" if state == "check again" else f"{record.points(lesson):g}"
        end = f"{duration(record.seconds):>4} {f'{points}/{lesson.points}':>5}"
    else:
        mark, ascii_mark, style, end = " ", " ", "quiet", f"{'coming':>10}"
    pointer = ("▸" if terminal.unicode else ">") if is_next else " "
    name = f"{lesson.number:>2}  {lesson.slug:<19} "
    room = terminal.width - 3 - len(name) - len(end)
    title = lesson.title if len(lesson.title) < room else f"{lesson.title[: room - 2].rstrip()}…"
    title = "" if room < SHORTEST_TITLE else title
    return [
        (f"{pointer}{mark if terminal.unicode else ascii_mark} ", style),
        (f"{name}{title:<{room}}", "title" if is_next else "" if lesson.is_ready else "quiet"),
        (end, "quiet" if not lesson.is_ready else ""),
    ]


def state_of(lesson: Lesson, record: Record) -> str:
    if record.solves(lesson):
        return "solved"
    if record.unknown:
        return "check again"
    return "started" if record.best or record.seconds else "open"


def duration(seconds: float) -> str:
    """A duration in at most four characters: 5m, 59m, 1h05, 12h; empty for less than a minute."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}m" if minutes else ""
    return f"{minutes // 60}h{minutes % 60:02}" if minutes < 600 else f"{minutes // 60}h"

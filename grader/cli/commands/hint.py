"""`digits hint`: the next hint for a check, by default the first one that fails. Hints cost no points."""

from collections.abc import Sequence
from pathlib import Path

from grader.api import Check
from grader.cli.commands.check import keep, read_own_work
from grader.cli.commands.next import ALL_SOLVED, next_open, show_steps_after
from grader.cli.commands.recover import open_progress
from grader.cli.live.progress_line import progress as progress_line
from grader.cli.terminal import Terminal
from grader.course import Lesson, find_workspace
from grader.engine.first_failing import find_checks, first_failing
from grader.engine.judge import background
from grader.engine.judge.own_file import find_named
from grader.engine.judge.processes import Engine
from grader.engine.session import Session, load_checks
from grader.feedback.hints import hint_lines
from grader.feedback.text import feedback, paragraph
from grader.progress.record import Record, progress_path, read_progress, record_hint
from grader.verdict import CheckResult, Verdict


def give_hint(name: str | None, check: str | None = None) -> int:
    """Grade an exercise (by default the next unsolved one) and show its next hint; returns the exit status.

    Args:
        check: the name of the check that the hint is for, or the beginning of it; by default, the first one that fails.

    Raises:
        CourseError: there is no such exercise, file or check.
    """
    terminal, workspace = Terminal(), find_workspace()
    progress = open_progress(terminal, workspace)
    lesson = find_named(name, workspace) if name is not None else next_open(progress)
    if lesson is None:
        terminal.wrapped((ALL_SOLVED, "good"), "There is no hint to give.")
        return 0
    source = read_own_work(lesson, workspace, name)
    wanted = find_checks(lesson, check) if check else ()
    terminal.title(lesson, source.name)
    with (
        Engine(background.connect) as engine,
        progress_line(terminal) as shown,
        Session(lesson, source, engine, on_progress=shown.training) as session,
    ):
        session.on_check = lambda check: shown.begin(check.title)
        shown.begin("importing TensorFlow" if lesson.runtime == "tensorflow" else "starting")
        is_broken = bool(session.load())
        failing = None if is_broken else first_failing(session, wanted)
        if wanted and not (is_broken or failing):
            return say_they_pass(terminal, lesson, wanted, check or "")
        found = failing or session.verdict()  # no check runs twice
    if isinstance(found, Verdict):
        return say_why_not(terminal, workspace, lesson, found)
    if found.outcome == "grader_error":
        terminal.lines(paragraph("grader error", found.message, terminal.width))
        return 3
    passed = [result.name for result in session.results.values() if result.outcome == "passed"]
    again = f"./digits hint {lesson.slug}{f' {found.name}' if wanted else ''}"
    show_hints(terminal, workspace, lesson, progress.of(lesson), found, passed, again)
    return 0


def say_they_pass(terminal: Terminal, lesson: Lesson, checks: Sequence[Check], name: str) -> int:
    """Explain that there is no hint on the checks that were named, because they pass."""
    which = f"The check {checks[0].name} passes." if len(checks) == 1 else f"All {len(checks)} checks of {name} pass."
    terminal.wrapped((which, "good"), "There is no hint to give.")
    terminal.wrapped(("For the first check that fails:", "quiet"), (f"./digits hint {lesson.slug}", "title"))
    return 0


def say_why_not(terminal: Terminal, workspace: Path, lesson: Lesson, verdict: Verdict) -> int:
    """Explain why there is no hint: everything passes, or the file cannot be graded at all."""
    if verdict.outcome != "graded":
        terminal.lines(paragraph(verdict.outcome.replace("_", " "), verdict.message, terminal.width))
        return keep(terminal, workspace, verdict)
    terminal.wrapped((f"All checks of {lesson.slug} pass.", "good"), "There is no hint to give.")
    status = keep(terminal, workspace, verdict)
    show_steps_after(terminal, lesson, read_progress(workspace))
    return status


def show_hints(
    terminal: Terminal,
    workspace: Path,
    lesson: Lesson,
    before: Record,
    failing: CheckResult,
    passed: list[str],
    again: str,
) -> None:
    """Show the hints up to the next one, and record how many were shown. ``again`` is the command for the one after."""
    check = next(check for check in load_checks(lesson.checks_path) if check.name == failing.name)
    level = min(before.hints_shown.get(check.name, 0) + 1, len(check.hints))
    terminal.lines(line for line in feedback(failing, terminal.width, terminal.unicode) if line[-1][1] == "title")
    terminal.line()
    terminal.lines(hint_lines(check.hints, level, terminal.width))
    terminal.line()
    try:
        record_hint(workspace, lesson.slug, check.name, level, passed)
    except OSError as error:
        sentence = f"This hint could not be recorded in {progress_path(workspace)} ({error.strerror})."
        terminal.lines(paragraph("note", sentence, terminal.width))
    if level < len(check.hints):
        terminal.wrapped(("Think about it first. For the next hint:", "quiet"), (again, "title"))
    else:
        terminal.wrapped(
            ("That was the last hint. Check your work:", "quiet"), (f"./digits check {lesson.slug}", "title")
        )

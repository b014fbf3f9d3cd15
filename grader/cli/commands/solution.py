"""`digits solution`: the reference next to your own work, function by function."""

import os
import sys
from pathlib import Path

import typer

from grader.authoring.stubs import solution_path
from grader.cli.commands.check import keep, print_verdict, read_own_work
from grader.cli.commands.comparison import show_both, show_reference
from grader.cli.commands.recover import open_progress
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_workspace
from grader.engine.judge import background
from grader.engine.judge.own_file import find_named
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import Source
from grader.engine.pieces import pieces
from grader.engine.session import HOME_SEED
from grader.feedback.text import command_rows

ADVICE = "You learn more from the reference after you have solved the exercise yourself."


def show_solution(name: str, spoil: bool, yes: bool, pager: bool = True) -> int:
    """Show the reference if the exercise is solved, or if the learner insists; returns the exit status.

    Args:
        pager: let the reader scroll if the window is too low for it.

    Raises:
        CourseError: this copy has no solutions, or there is no terminal to ask for confirmation.
    """
    terminal, workspace = Terminal(), find_workspace()
    lesson = find_named(name, workspace)
    reference = solution_path(lesson)
    if not reference.is_file():
        raise CourseError(
            "This copy of the course comes without solutions/, so there is no reference to show. Ask your instructor "
            f"for it, or use the hints: ./digits hint {lesson.slug}"
        )
    is_gone = not os.path.lexists(lesson.work_path(workspace, name))
    if is_gone and open_progress(terminal, workspace).of(lesson).solves(lesson):
        alone = pieces(reference.read_text("utf-8"))
        terminal.paged(lambda: show_reference(terminal, alone), allowed=pager)
        return 0
    source = read_own_work(lesson, workspace, name)
    if not open_progress(terminal, workspace).of(lesson).solves(lesson):
        if spoil:
            if not (yes or wants_to_see(terminal)):
                return 0
        elif not passes_now(terminal, workspace, lesson, source):
            return 1
    own, theirs = source.code.decode("utf-8", "replace"), reference.read_text("utf-8")
    terminal.paged(lambda: show_both(terminal, pieces(theirs), pieces(own), source.name), allowed=pager)
    return 0


def wants_to_see(terminal: Terminal) -> bool:
    if not sys.stdin.isatty():
        raise CourseError("--spoil asks for confirmation, but there is no terminal to answer on. Add --yes to confirm.")
    terminal.wrapped(ADVICE)
    return typer.confirm(" Show it now?")


def passes_now(terminal: Terminal, workspace: Path, lesson: Lesson, source: Source) -> bool:
    """Grade the exercise, which may be right but unchecked so far."""
    with Engine(background.connect) as engine:
        verdict = print_verdict(terminal, lesson, source, engine, HOME_SEED)
    keep(terminal, workspace, verdict)
    if verdict.outcome == "graded" and verdict.score == verdict.max_score:
        return True
    terminal.line()
    terminal.wrapped("You can see the reference once all checks pass. Until then:")
    ways = {
        f"./digits hint {lesson.slug}": "get the next hint; it costs no points",
        f"./digits solution {lesson.slug} --spoil": "see the reference now",
    }
    terminal.lines(command_rows(ways, terminal.width))
    return False

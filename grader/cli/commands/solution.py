"""`digits solution`: the reference next to your own work, function by function."""

import io
import os
import sys
import textwrap
import tokenize
from pathlib import Path

import typer
from rich.console import Group
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Column, Table
from rich.text import Text

from grader.authoring.stubs import solution_path
from grader.cli.commands.check import keep, print_verdict, read_own_work
from grader.cli.commands.recover import open_progress
from grader.cli.names import find_named
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_workspace
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import Source
from grader.engine.pieces import Piece, pieces
from grader.engine.session import HOME_SEED

WIDE = 120  # from this many columns on, two pieces of code fit side by side
GAP = 2  # columns between them
QUESTION = "You learn more from the reference after you have solved the exercise yourself. Show it now?"


def show_solution(name: str, spoil: bool, yes: bool) -> int:
    """Show the reference if the exercise is solved, or if the learner insists; returns the exit status.

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
        show_reference(terminal, pieces(reference.read_text("utf-8")))
        return 0
    source = read_own_work(lesson, workspace, name)
    if not open_progress(terminal, workspace).of(lesson).solves(lesson):
        if spoil:
            if not (yes or wants_to_see()):
                return 0
        elif not passes_now(terminal, workspace, lesson, source):
            return 1
    show_both(terminal, pieces(reference.read_text("utf-8")), pieces(source.code.decode("utf-8", "replace")), source)
    return 0


def wants_to_see() -> bool:
    if not sys.stdin.isatty():
        raise CourseError("--spoil asks for confirmation, but there is no terminal to answer on. Add --yes to confirm.")
    return typer.confirm(QUESTION)


def passes_now(terminal: Terminal, workspace: Path, lesson: Lesson, source: Source) -> bool:
    """Grade the exercise, which may be right but unchecked so far."""
    with Engine(background.connect) as engine:
        verdict = print_verdict(terminal, lesson, source, engine, HOME_SEED)
    keep(terminal, workspace, verdict)
    if verdict.outcome == "graded" and verdict.score == verdict.max_score:
        return True
    terminal.line()
    terminal.line(" You can see the reference once all checks pass. Until then:")
    terminal.line((f"   ./digits hint {lesson.slug}", "title"), "                get the next hint; it costs no points")
    terminal.line((f"   ./digits solution {lesson.slug} --spoil", "title"), "    see the reference now")
    return False


def show_both(terminal: Terminal, reference: list[Piece], own: list[Piece], source: Source) -> None:
    """Show the reference's pieces in order, each next to the learner's, then the learner's other pieces."""
    mine = {piece.name: piece.code for piece in own}
    theirs = {piece.name: piece.code for piece in reference}
    if "" in mine or "" in theirs:
        mine, theirs = {"": "\n\n".join(mine.values())}, {"": "\n\n".join(theirs.values())}
    room = terminal.console.width if terminal.console.is_terminal else terminal.width
    beside = room >= WIDE
    width = (room - GAP) // 2 if beside else terminal.width
    for name in dict.fromkeys([*theirs, *mine]):
        left = column(terminal, width, "the reference", theirs.get(name), "not in the reference")
        right = column(terminal, width, f"yours, {source.name}", mine.get(name), "not in yours")
        terminal.line()
        if name:
            terminal.line((f" {name}", "heading"))
        if beside:
            table = Table.grid(Column(width=width), Column(width=width), padding=(0, GAP))
            table.add_row(left, right)
            terminal.console.print(table, soft_wrap=False)
        else:
            terminal.console.print(Group(left, Text(), right), soft_wrap=False, width=width)


def show_reference(terminal: Terminal, reference: list[Piece]) -> None:
    """Show the reference alone: the learner's file is gone."""
    for piece in reference:
        terminal.line()
        if piece.name:
            terminal.line((f" {piece.name}", "heading"))
        left = column(terminal, terminal.width, "the reference", piece.code, "")
        terminal.console.print(left, soft_wrap=False, width=terminal.width)


def column(terminal: Terminal, width: int, title: str, code: str | None, missing: str) -> Group:
    """One side: its title, a rule, and the code in color."""
    rule = Rule(terminal.plain(title), align="left", style="quiet", characters="─" if terminal.unicode else "-")
    if code is None:
        return Group(rule, Text(missing, "quiet"))
    code = terminal.plain(fitted(code, width))
    return Group(rule, Syntax(code, "python", theme="ansi_dark", word_wrap=True, background_color="default"))


def fitted(code: str, width: int) -> str:
    """The code in lines that fit: a trailing comment that is too long moves above its line, and the rest is wrapped."""
    lines, comments = code.splitlines(), {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                comments[token.start[0] - 1] = token.start[1]
    except (tokenize.TokenError, SyntaxError):
        pass  # not valid Python (yet): use the comments found so far
    fitting = []
    for number, line in enumerate(lines):
        indent = " " * (len(line) - len(line.lstrip()))
        start = comments.get(number, len(line)) if len(line) > width else len(line)
        fitting += wrapped(line[start:].lstrip("# "), width, f"{indent}# ", f"{indent}# ")
        fitting += wrapped(line[:start].strip(), width, indent, f"{indent}        ") or [""] * (start == len(line))
    return "\n".join(fitting)


def wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    room = max(width, len(others) + 20)
    return textwrap.wrap(text, room, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)

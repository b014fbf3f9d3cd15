"""`digits solution`: the reference beside one's own work, function by function."""

import ast
import io
import sys
import textwrap
import tokenize
import warnings
from dataclasses import dataclass
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
from grader.cli.terminal import Terminal
from grader.course import CourseError, Lesson, find_lesson, find_workspace
from grader.engine.judge import background
from grader.engine.judge.client import clean
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import Source
from grader.engine.session import HOME_SEED

WIDE = 120  # columns from which two pieces of code have room beside each other
GAP = 2  # columns between them
QUESTION = "You learn most from a reference after you have solved the exercise yourself. Show it now?"


@dataclass(frozen=True)
class Piece:
    """A function, class or constant of a file, without its docstring: both sides have the same one."""

    name: str
    code: str


def show_solution(name: str, spoil: bool, yes: bool) -> int:
    """Show the reference if the exercise is solved, or asked for all the same; returns the exit status.

    Raises:
        CourseError: this copy has no solutions, or the question cannot be asked.
    """
    terminal, workspace, lesson = Terminal(), find_workspace(), find_lesson(name)
    reference = solution_path(lesson)
    if not reference.is_file():
        raise CourseError(
            "This copy of the course comes without solutions/, so there is no reference to show. Whoever gave you the "
            f"course may share it later; until then `./digits hint {lesson.slug}` takes you far."
        )
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
        raise CourseError("--spoil asks a question first, and nobody is there to answer it. Add --yes to answer yes.")
    return typer.confirm(QUESTION)


def passes_now(terminal: Terminal, workspace: Path, lesson: Lesson, source: Source) -> bool:
    """Grade the exercise: perhaps it was never checked since it got right."""
    with Engine(background.connect) as engine:
        verdict = print_verdict(terminal, lesson, source, engine, HOME_SEED)
    keep(terminal, workspace, verdict)
    if verdict.outcome == "graded" and verdict.score == verdict.max_score:
        return True
    terminal.line()
    terminal.line(" The reference opens once all checks pass. Until then:")
    terminal.line((f"   ./digits hint {lesson.slug}", "title"), "                a level further, at no cost")
    terminal.line((f"   ./digits solution {lesson.slug} --spoil", "title"), "    see it now all the same")
    return False


def pieces(text: str) -> list[Piece]:
    """The functions, classes and constants of a file; the whole file where it cannot be taken apart."""
    text = clean(text.replace("\r\n", "\n"), keep="\n\t").expandtabs(4)
    lines = [line for line in text.split("\n") if line.strip() not in {"### BEGIN SOLUTION", "### END SOLUTION"}]
    whole = Piece("", "\n".join(lines))
    try:
        with warnings.catch_warnings(action="ignore"):  # of what the learner's code does not do well
            tree = ast.parse(whole.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [whole]
    return [Piece(name, without_docstring(node, lines)) for node in tree.body if (name := name_of(node))] or [whole]


def name_of(node: ast.stmt) -> str:
    """What a statement defines; nothing if it does something else."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def without_docstring(node: ast.stmt, lines: list[str]) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    wanted = set(range(first, node.end_lineno + 1))
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node, clean=False) is not None:
        wanted -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return "\n".join(lines[number - 1] for number in sorted(wanted)).rstrip()


def show_both(terminal: Terminal, reference: list[Piece], own: list[Piece], source: Source) -> None:
    """The reference's pieces in their order, each with one's own of the same name; then what only one's own has."""
    mine = {piece.name: piece.code for piece in own}
    theirs = {piece.name: piece.code for piece in reference}
    if "" in mine or "" in theirs:
        mine, theirs = {"": "\n\n".join(mine.values())}, {"": "\n\n".join(theirs.values())}
    room = terminal.console.width if terminal.console.is_terminal else terminal.width
    beside = room >= WIDE
    width = (room - GAP) // 2 if beside else terminal.width
    for name in dict.fromkeys([*theirs, *mine]):
        left = column(terminal, width, "the reference", theirs.get(name), "the reference has none")
        right = column(terminal, width, f"yours, {source.name}", mine.get(name), "you have none")
        terminal.line()
        if name:
            terminal.line((f" {name}", "heading"))
        if beside:
            table = Table.grid(Column(width=width), Column(width=width), padding=(0, GAP))
            table.add_row(left, right)
            terminal.console.print(table, soft_wrap=False)
        else:
            terminal.console.print(Group(left, Text(), right), soft_wrap=False, width=width)


def column(terminal: Terminal, width: int, title: str, code: str | None, missing: str) -> Group:
    """One side: its title, a rule, and the code in color."""
    rule = Rule(terminal.plain(title), align="left", style="quiet", characters="─" if terminal.unicode else "-")
    if code is None:
        return Group(rule, Text(missing, "quiet"))
    code = terminal.plain(fitted(code, width))
    return Group(rule, Syntax(code, "python", theme="ansi_dark", word_wrap=True, background_color="default"))


def fitted(code: str, width: int) -> str:
    """The code in lines that fit: a comment that reaches too far stands above its line, and what is left is wrapped."""
    lines, comments = code.splitlines(), {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                comments[token.start[0] - 1] = token.start[1]
    except (tokenize.TokenError, SyntaxError):
        pass  # no Python, or not yet: those found so far will do
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

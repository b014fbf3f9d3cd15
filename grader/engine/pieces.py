"""The definitions of a file, one by one, to show them beside those of another."""

import ast
import warnings
from dataclasses import dataclass

from grader.engine.judge.client import clean


@dataclass(frozen=True)
class Piece:
    """A function, class or constant of a file, without its docstring, which is the same on both sides."""

    name: str
    code: str


def pieces(text: str) -> list[Piece]:
    """The functions, classes and constants of a file, or the whole file if it cannot be parsed."""
    text = clean(text.replace("\r\n", "\n"), keep="\n\t").expandtabs(4)
    lines = [line for line in text.split("\n") if line.strip() not in {"### BEGIN SOLUTION", "### END SOLUTION"}]
    whole = Piece("", "\n".join(lines))
    try:
        with warnings.catch_warnings(action="ignore"):  # about the learner's code
            tree = ast.parse(whole.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [whole]
    return [Piece(name, without_docstring(node, lines)) for node in tree.body if (name := name_of(node))] or [whole]


def name_of(node: ast.stmt) -> str:
    """The name that a statement defines; empty if it does something else."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def without_docstring(node: ast.stmt, lines: list[str]) -> str:
    """The code of a statement, with its decorators."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    wanted = lines_of(node, first)
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node, clean=False) is not None:
        wanted -= lines_of(node.body[0], node.body[0].lineno)
    return "\n".join(lines[number - 1] for number in sorted(wanted)).rstrip()


def lines_of(node: ast.stmt, first: int) -> set[int]:
    """The numbers of the lines of a statement, from ``first`` on."""
    return set(range(first, (node.end_lineno or node.lineno) + 1))

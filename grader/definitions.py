"""Which statements of a notebook count: the functions of the exercise, and everything that they use.

Learners run cells repeatedly, try things and make mistakes. So a notebook is not executed as a whole: of its cells only
the latest definition of each function is taken, with the imports, values and helpers that it needs. Everything else, a
training, a plot, an error at the end, can cost nothing. All that a learner, a class and nbgrader are told rests on this
one selection.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)  # at the left margin of a cell
Makers = dict[str, list[ast.stmt]]  # by name: the statements that give it its value


@dataclass(frozen=True)
class Cell:
    """One code cell.

    Attributes:
        statements: what it holds; their line numbers count from the first line of all the code.
        names: the functions and classes that it defines, if only in the eyes of a human reader.
        error: why it is no Python; it then has no statements.
    """

    statements: tuple[ast.stmt, ...]
    names: frozenset[str]
    error: SyntaxError | None = None


def read_cells(code: str, starts: Sequence[int]) -> list[Cell]:
    """Parse each cell on its own, so that one that is no Python takes no other with it.

    Args:
        code: the code of all cells, joined.
        starts: the number of the line at which each cell begins, counted from 1.
    """
    lines = code.split("\n")
    ends = [*starts[1:], len(lines) + 1]
    return [
        read_cell("\n".join(lines[start - 1 : end - 1]), start - 1) for start, end in zip(starts, ends, strict=True)
    ]


def read_cell(text: str, lines_before: int) -> Cell:
    """Parse one cell."""
    names = frozenset(DEFINED.findall(text))
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        error.lineno = (error.lineno or 1) + lines_before
        return Cell((), names, error)
    except (ValueError, RecursionError, MemoryError):
        return Cell((), names, SyntaxError("an expression is nested too deeply", ("", lines_before + 1, 1, "")))
    ast.increment_lineno(module, lines_before)
    return Cell(tuple(module.body), names)


def needed(statements: Sequence[ast.stmt], wanted: Collection[str] | None) -> set[ast.stmt]:
    """The definitions of the wanted functions, and everything that they use, down to imports and values.

    Args:
        statements: those of all cells, in order.
        wanted: names of functions; all that are defined if there is nothing to choose by.
    """
    makers = makers_of(statements, wanted or ())
    roots = [kept for name, kept in makers.items() if wanted is None or name in wanted]
    waiting = [statement for kept in roots for statement in kept if wanted is not None or defines(statement)]
    waiting += [statement for statement in statements if brings_unknown_names(statement)]
    seen: set[ast.stmt] = set()
    while waiting:
        statement = waiting.pop()
        if statement not in seen:
            seen.add(statement)
            waiting += [maker for name in names_used(statement) for maker in makers.get(name, [])]
    return seen


def makers_of(statements: Iterable[ast.stmt], wanted: Collection[str]) -> Makers:
    """The statements that give each name its value. A wanted function that was defined stays one, even where its name
    was later given to a number, as in ``accuracy = accuracy(predictions, labels)``."""
    makers: Makers = {}
    for statement in statements:
        for name in set(names_bound(statement)):
            earlier = makers.get(name, [])
            if name in wanted and any(map(defines, earlier)) and replaces(statement, name):
                continue
            makers[name] = [*earlier, statement] if goes_on_from(statement, name) else [statement]
    return makers


def replaces(statement: ast.stmt, name: str) -> bool:
    """True if a statement gives a name a new value that is no function."""
    bound = (node for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return not defines(statement) and any(node.id == name for node in bound)


def defines(statement: ast.stmt) -> bool:
    """True if a statement defines functions or classes, even conditionally, or gives one another name."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Lambda, ast.Name, ast.Attribute)):
        return True
    return any(isinstance(node, DEFINITIONS) for node in ast.walk(statement))


def names_bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement assigns to, or whose value it modifies."""
    if isinstance(statement, DEFINITIONS):
        yield statement.name
        return
    for node in ast.walk(statement):
        if isinstance(node, DEFINITIONS):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(getattr(node, "ctx", None), ast.Store):
            while isinstance(node, (ast.Attribute, ast.Subscript)):
                node = node.value  # noqa: PLW2901
            if isinstance(node, ast.Name):
                yield node.id


def goes_on_from(statement: ast.stmt, name: str) -> bool:
    """True if a statement computes the new value of a name from its old one."""
    if isinstance(statement, DEFINITIONS):
        return any(name in names_used(part) for part in (*statement.decorator_list, *getattr(statement, "bases", ())))
    return isinstance(statement, ast.AugAssign) or name in names_used(statement)


def names_used(node: ast.AST) -> Iterator[str]:
    """The names that a piece of code reads or writes, at whatever depth."""
    return (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def brings_unknown_names(statement: ast.stmt) -> bool:
    """``from __future__ import …`` changes what follows, and ``from numpy import *`` may bring anything."""
    return isinstance(statement, ast.ImportFrom) and (
        statement.module == "__future__" or any(alias.name == "*" for alias in statement.names)
    )

"""The source code that a learner has written in the running notebook.

Learners run cells repeatedly, try things and make mistakes. Only functions count: each in its latest definition, with
the imports and values that it uses. Experiments and old versions of a cell therefore do not affect a check, and no
training starts just because some cell calls it.
"""

import ast
import json
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from grader.engine.judge.notebook_code import MAX_CELLS, NotANotebook, code_of
from grader.engine.judge.source import InvalidSubmission, Source

NAME = "Your notebook"  # begins the sentences about it
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class History(Protocol):
    """IPython's history: the text of every cell that ran, as typed, by number. There is no cell 0."""

    input_hist_raw: list[str]


class Shell(Protocol):
    """A running IPython, as ``IPython.get_ipython()`` returns it."""

    history_manager: History


def source_of(shell: Shell, name: str = NAME, only: Collection[str] | None = None) -> Source:
    """The learner's functions in a running IPython. Code cell 7 is the one that ran as ``In [7]``.

    Args:
        shell: the IPython whose cells count, including the cell that is running now.
        name: how sentences about it begin.
        only: the functions that count; all by default.

    Raises:
        InvalidSubmission: the cells cannot be encoded as text.
    """
    typed = shell.history_manager.input_hist_raw[1:]
    cells = [""] * len(typed[:-MAX_CELLS]) + typed[-MAX_CELLS:]
    chunks = [_python(cell) if cell.strip() else [] for cell in cells]
    parsed = [list(_statements(chunk)) for chunk in chunks]
    needed = set(_needed([statement for statements in parsed for statement in statements], only))
    lines: list[str] = []
    starts: list[int] = []
    for chunk, statements in zip(chunks, parsed, strict=True):
        starts.append(len(lines) + 1)
        kept = {line for statement in statements if statement in needed for line in _lines(statement)}
        lines += [text if number in kept else "" for number, text in enumerate(chunk, start=1)] if kept else []
    return Source("".join(line + "\n" for line in lines).encode(), name, (), tuple(starts))


def _python(cell: str) -> list[str]:
    """The lines of a cell, without IPython's magics and shell commands."""
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
    try:
        return code_of(notebook.encode()).text.decode().split("\n")[:-1]
    except NotANotebook as error:
        raise InvalidSubmission(f"{NAME} {error}.") from None


def _statements(lines: list[str]) -> Iterable[ast.stmt]:
    """The statements of a cell; none if it is not valid Python, because then it never ran."""
    try:
        return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _needed(statements: list[ast.stmt], only: Collection[str] | None) -> Iterator[ast.stmt]:
    """The latest definition of every function and class, and everything they use, down to imports and values."""
    makers: dict[str, list[ast.stmt]] = {}  # the statements that give a name its value
    for statement in statements:
        for name in set(_names_bound(statement)):
            earlier = makers.get(name, []) if _goes_on_from(statement, name) else []
            makers[name] = [*earlier, statement]
    roots = [kept for name, kept in makers.items() if only is None or name in only]
    waiting = [statement for kept in roots for statement in kept if _defines(statement)]
    waiting += [statement for statement in statements if _brings_unknown_names(statement)]
    seen: set[ast.stmt] = set()
    while waiting:
        statement = waiting.pop()
        if statement not in seen:
            seen.add(statement)
            yield statement
            waiting += [maker for name in _names_used(statement) for maker in makers.get(name, [])]


def _defines(statement: ast.stmt) -> bool:
    """True if a statement defines functions or classes, even conditionally, or gives one another name."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Lambda, ast.Name, ast.Attribute)):
        return True
    return any(isinstance(node, DEFINITIONS) for node in ast.walk(statement))


def _names_bound(statement: ast.stmt) -> Iterator[str]:
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


def _goes_on_from(statement: ast.stmt, name: str) -> bool:
    """True if a statement computes the new value of a name from its old one."""
    if isinstance(statement, DEFINITIONS):
        return False
    return isinstance(statement, ast.AugAssign) or any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in ast.walk(statement)
    )


def _names_used(statement: ast.stmt) -> Iterator[str]:
    return (node.id for node in ast.walk(statement) if isinstance(node, ast.Name))


def _brings_unknown_names(statement: ast.stmt) -> bool:
    """``from __future__ import …`` changes what follows, and ``from numpy import *`` may bring anything."""
    return isinstance(statement, ast.ImportFrom) and (
        statement.module == "__future__" or any(alias.name == "*" for alias in statement.names)
    )


def _lines(statement: ast.stmt) -> range:
    """The line numbers of a statement."""
    decorators = getattr(statement, "decorator_list", [])
    return range(min(node.lineno for node in (statement, *decorators)), (statement.end_lineno or statement.lineno) + 1)

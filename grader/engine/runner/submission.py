"""Executes a submission: a file as Python would, a notebook definition by definition."""

import __future__

import ast
from collections.abc import Collection, Sequence
from typing import Any

from grader.definitions import DEFINITIONS, UNNAMED, needed, read_cells
from grader.engine.runner.exceptions import class_name, frames_in, line_of_syntax, syntax_error, text_of
from grader.engine.wire.requests import MAX_LEFT_OUT, MAX_NAME, MAX_REASON, LeftOut

STOPS = (Exception, SystemExit, KeyboardInterrupt)  # what ends a cell in a notebook, but not its kernel
Namespace = dict[str, Any]


def run_file(source: bytes, filename: str, namespace: Namespace) -> list[LeftOut]:
    """Execute a file. An exception after its last definition costs nothing: all that is graded is there by then.

    Returns:
        Where the file stopped early, if it did.

    Raises:
        BaseException: whatever the file raises before that, or because it is not Python.
    """
    try:
        code = compile(source, filename, "exec", dont_inherit=True)
    except (MemoryError, RecursionError):
        raise SyntaxError("an expression is nested too deeply") from None
    try:
        exec(code, namespace)
    except STOPS as error:
        line = line_of(error, filename)
        if line <= max((node.lineno for node in ast.parse(source).body if isinstance(node, DEFINITIONS)), default=line):
            raise
        return [left_out(error, filename)]
    return []


def run_cells(
    code: str, starts: Sequence[int], wanted: Collection[str], filename: str, namespace: Namespace
) -> list[LeftOut]:
    """Execute of a notebook's cells the wanted functions and what they need, from top to bottom.

    An exception ends its cell, as in a kernel. An earlier definition of what was to come then counts again.

    Args:
        code: the code of all cells, joined.
        starts: the number of the line at which each cell begins, counted from 1.
        wanted: the functions of the exercise; if there are none, all that is defined.
        filename: what tracebacks call the notebook.
        namespace: where to execute.

    Returns:
        For each cell that was left out, or a part of it, why.
    """
    cells = read_cells(code, starts)
    told = {
        number: left_out(cell.error, filename, cell.names, wanted) for number, cell in enumerate(cells) if cell.error
    }
    remaining, done, flags = [list(cell.statements) for cell in cells], set[ast.stmt](), 0
    while chosen := needed([statement for cell in remaining for statement in cell], wanted or None) - done:
        for number, statements in enumerate(remaining):
            for position, statement in enumerate(statements):
                if statement not in chosen:
                    continue
                try:
                    flags |= future_flags(statement)
                    exec(compile(ast.Module([statement], []), filename, "exec", flags, dont_inherit=True), namespace)
                    done.add(statement)
                except STOPS as error:
                    lost = {node.name for node in statements[position:] if isinstance(node, DEFINITIONS)}
                    told.setdefault(number, left_out(error, filename, lost, wanted))
                    del statements[position:]
                    break
    return [told[number] for number in sorted(told)][:MAX_LEFT_OUT]


def future_flags(statement: ast.stmt) -> int:
    """What ``from __future__ import …`` changes for everything that is compiled after it."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in statement.names]
    return sum({feature.compiler_flag for feature in features if isinstance(feature, __future__._Feature)})


def left_out(error: BaseException, filename: str, names: Collection[str] = (), wanted: Collection[str] = ()) -> LeftOut:
    """What is told of an exception that ended a cell or a file, and which of the wanted functions it cost."""
    misread = syntax_error(error, {filename, UNNAMED})
    text = text_of(misread.msg if misread else error, MAX_REASON)
    lost = sorted(name for name in names if name in wanted)
    return LeftOut(line_of(error, filename), class_name(error)[:MAX_NAME], text, lost[:64])


def line_of(error: BaseException, filename: str) -> int:
    """The line of the submission, outside of all functions, at which an exception was raised; 0 if none is known."""
    if misread := syntax_error(error, {filename, UNNAMED}):
        return line_of_syntax(misread) or 0
    return next((frame.lineno or 0 for frame in frames_in(error, filename)), 0)

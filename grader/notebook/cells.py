"""The source code that a learner has written in the running notebook."""

import ast
import json
from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import Protocol

from grader.definitions import defines, needed, read_cells
from grader.engine.judge.notebook_code import MAX_CELLS, NotANotebook, code_of
from grader.engine.judge.source import InvalidSubmission, Source

EARLIER_DEFINITIONS = 3  # that are sent along
NAME = "Your notebook"  # begins the sentences about it


class History(Protocol):
    """IPython's history: the text of every cell that ran, as typed, by number. There is no cell 0."""

    input_hist_raw: list[str]


class Shell(Protocol):
    """A running IPython, as ``IPython.get_ipython()`` returns it."""

    history_manager: History


def source_of(shell: Shell, wanted: Collection[str], name: str = NAME) -> Source:
    """What is graded of the cells that have run in an IPython. Code cell 7 is the one that ran as ``In [7]``.

    The runner selects the same from a whole notebook. It is done here, too, so that the source changes only when the
    learner's functions do.

    Args:
        shell: the IPython whose cells count, including the cell that is running now.
        wanted: the functions of the exercise.
        name: how sentences about it begin.

    Raises:
        InvalidSubmission: the cells cannot be encoded as text.
    """
    typed = shell.history_manager.input_hist_raw[1:]
    chunks = [[] if number < len(typed) - MAX_CELLS else _python(cell) for number, cell in enumerate(typed)]
    kept = _kept_lines(chunks, wanted)
    last = max((number for number, lines in enumerate(kept) if lines), default=-1)
    shown = [
        [text if number in lines else "" for number, text in enumerate(chunk, start=1)] if lines else []
        for chunk, lines in zip(chunks[: last + 1], kept, strict=False)
    ]
    code = "".join(line + "\n" for lines in shown for line in lines)
    return Source(code.encode(), name, (), tuple(_starts(shown)))


def _chosen(statements: list[ast.stmt], wanted: Collection[str]) -> set[ast.stmt]:
    """What is needed, and what would be if the latest definitions were left out because they raise an exception."""
    chosen: set[ast.stmt] = set()
    for _ in range(1 + EARLIER_DEFINITIONS):
        found = needed(statements, wanted)
        chosen |= found
        statements = [statement for statement in statements if statement not in found or not defines(statement)]
    return chosen


def _kept_lines(chunks: list[list[str]], wanted: Collection[str]) -> list[set[int]]:
    """For each cell the numbers of the lines that count. A cell that is not Python counts whole if it would define a
    wanted function that no later cell defines: the learner should be told."""
    cells = read_cells("\n".join(line for chunk in chunks for line in chunk), _starts(chunks))
    chosen = _chosen([statement for cell in cells for statement in cell.statements], wanted)
    kept = []
    defined_later: set[str] = set()
    for chunk, start, cell in reversed(list(zip(chunks, _starts(chunks), cells, strict=True))):
        if cell.error:
            is_wanted = not (cell.names & set(wanted)) <= defined_later
            kept.append(set(range(1, len(chunk) + 1)) if is_wanted else set())
        else:
            lines = {line for statement in cell.statements if statement in chosen for line in _lines(statement)}
            kept.append({line - start + 1 for line in lines})
        defined_later |= cell.names
    return kept[::-1]


def _starts(chunks: list[list[str]]) -> list[int]:
    """The number of each cell's first line in all the code, counted from 1."""
    return [1 + before for before in accumulate(map(len, chunks[:-1]), initial=0)] if chunks else []


def _python(cell: str) -> list[str]:
    """The lines of a cell, without IPython's magics and shell commands."""
    if not cell.strip():
        return []
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
    try:
        return code_of(notebook.encode()).text.decode().split("\n")[:-1]
    except NotANotebook as error:
        raise InvalidSubmission(f"{NAME} {error}.") from None


def _lines(statement: ast.stmt) -> Iterator[int]:
    """The line numbers of a statement."""
    decorators = getattr(statement, "decorator_list", [])
    first = min(node.lineno for node in (statement, *decorators))
    return iter(range(first, (statement.end_lineno or statement.lineno) + 1))

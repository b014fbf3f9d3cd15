"""Which statements of a notebook count: the functions of the exercise, and everything that they use.

Learners run cells repeatedly, try things and make mistakes. So a notebook is not executed as a whole: of its cells only
the latest definition of each function is taken, with the imports, values and helpers that it needs. Everything else, a
training, a plot, an error at the end, can cost nothing. All that a learner, a class and nbgrader are told rests on this
one selection.
"""

import ast
import re
import symtable
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DEFINED = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)  # at the left margin of a cell
UNNAMED = "<unknown>"  # what Python calls code without a file
GIVES = (ast.Assign, ast.AnnAssign, ast.NamedExpr)  # a name to a value
SCOPES = (*DEFINITIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Values = dict[str, list[list[ast.stmt]]]  # by name: for each value that it is given, one after another, the statements


@dataclass(frozen=True)
class Cell:
    """One code cell.

    Attributes:
        statements: what it holds; their line numbers count from the first line of all the code.
        names: the functions and classes that it defines; if it is no Python, in the eyes of a human reader.
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
    return [
        read_cell("\n".join(lines[start - 1 : end - 1]), start - 1)
        for start, end in pairwise([*starts, len(lines) + 1])
    ]


def read_cell(text: str, lines_before: int) -> Cell:
    """Parse one cell."""
    names = frozenset(DEFINED.findall(text))
    before, nul, _ = text.partition("\0")
    if nul:  # for which every version of Python has another exception
        place = (UNNAMED, lines_before + before.count("\n") + 1, 1, "")
        return Cell((), names, SyntaxError("it holds a character that is no text", place))
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        error.lineno = (error.lineno or 1) + lines_before
        return Cell((), names, error)
    except (ValueError, RecursionError, MemoryError):
        return Cell((), names, SyntaxError("an expression is nested too deeply", (UNNAMED, lines_before + 1, 1, "")))
    ast.increment_lineno(module, lines_before)
    return Cell(
        tuple(module.body), frozenset(name for each in module.body if defines(each) for name in names_bound(each))
    )


def functions_written(cells: Sequence[Cell], wanted: Collection[str]) -> set[str]:
    """Those of the wanted functions that are written in some cells, in whatever way, rather than taken from elsewhere,
    as in ``accuracy = exercise("evaluation").accuracy``. One in a cell that is no Python counts."""
    values = values_of([statement for cell in cells for statement in cell.statements], wanted)
    misread = {name for cell in cells if cell.error for name in cell.names}
    return {name for name in wanted if name in misread or is_written(name, values)}


def is_written(name: str, values: Values) -> bool:
    """True if a name stands for a function that a statement defines, be it under another name."""
    met: set[str] = set()
    while name in values and name not in met:
        met.add(name)
        made = values[name][-1]
        if any(writes(statement) for statement in made):
            return True
        value = getattr(made[-1], "value", None)
        name = value.id if isinstance(value, ast.Name) else ""
    return False


def writes(statement: ast.stmt) -> bool:
    """True if a statement holds the definition of a function or class, or gives a ``lambda`` a name."""
    return any(
        isinstance(node, DEFINITIONS) or (isinstance(node, GIVES) and isinstance(node.value, ast.Lambda))
        for node in ast.walk(statement)
    )


def names_given(cells: Iterable[Cell]) -> set[str]:
    """All names that some cells give a value to, or a function in a cell that is no Python."""
    given = {name for cell in cells for statement in cell.statements for name in names_bound(statement)}
    return given.union(*(cell.names for cell in cells if cell.error))


def needed(statements: Sequence[ast.stmt], wanted: Collection[str] | None) -> set[ast.stmt]:
    """The definitions of the wanted functions, and everything that they use, down to imports and values.

    Args:
        statements: those of all cells, in order.
        wanted: names of functions; all that are defined if there is nothing to choose by.
    """
    values = values_of(statements, wanted or ())
    roots = [given[-1] for name, given in values.items() if wanted is None or name in wanted]
    waiting = [statement for kept in roots for statement in kept if wanted is not None or defines(statement)]
    waiting += [statement for statement in statements if brings_unknown_names(statement)]
    seen: set[ast.stmt] = set()
    followed: set[int] = set()  # values, by identity: thousands of statements may use the same one
    while waiting:
        statement = waiting.pop()
        if statement in seen:
            continue
        seen.add(statement)
        for name in names_used(statement):
            for makers in met_by(statement, values.get(name, [])):
                if id(makers) not in followed:
                    followed.add(id(makers))
                    waiting += makers
    return seen


def met_by(statement: ast.stmt, given: list[list[ast.stmt]]) -> list[list[ast.stmt]]:
    """What gives a name the value that a statement meets where it stands, and the last one: a function meets that when
    it is called, but the default of a parameter, a decorator and an annotation meet the earlier one."""
    earlier = bisect_left(given, statement.lineno, key=lambda statements: statements[0].lineno)
    return [*given[max(0, earlier - 1) : earlier], *given[-1:]]


def values_of(statements: Iterable[ast.stmt], wanted: Collection[str]) -> Values:
    """The values that each name is given. A wanted function that was defined stays one, even where its name was later
    given to a number, as in ``accuracy = accuracy(predictions, labels)``."""
    values: Values = {}
    for statement in statements:
        for name in set(names_bound(statement)):
            given = values.setdefault(name, [])
            if name in wanted and given and any(map(defines, given[-1])) and replaces(statement, name):
                continue
            if given and goes_on_from(statement, name):
                given[-1].append(statement)
            else:
                given.append([statement])
    return values


def replaces(statement: ast.stmt, name: str) -> bool:
    """True if a statement gives a name a new value that is no function."""
    bound = (node for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return not defines(statement) and any(node.id == name for node in bound)


def defines(statement: ast.stmt) -> bool:
    """True if a statement defines functions or classes, even conditionally, or gives one another name."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(statement.value, (ast.Name, ast.Attribute)):
        return True
    return writes(statement)


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


def names_used(node: ast.AST) -> set[str]:
    """The names outside of functions whose values a piece of code reads or writes, at whatever depth.

    A parameter or a local variable is none of them: that a function calls one of its own ``history`` must not make a
    training of that name, in a cell further up, part of what is graded.
    """
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    if names and any(isinstance(inner, SCOPES) for inner in ast.walk(node)):
        try:
            return names & set(global_names(symtable.symtable(ast.unparse(node), "", "exec")))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return names  # too many are safer than too few
    return names


def global_names(table: symtable.SymbolTable) -> Iterator[str]:
    """The names of a scope, and of those inside of it, that stand for something outside of functions."""
    is_module = table.get_type() == "module"
    yield from (symbol.get_name() for symbol in table.get_symbols() if is_module or symbol.is_global())
    for inner in table.get_children():
        yield from global_names(inner)


def brings_unknown_names(statement: ast.stmt) -> bool:
    """``from __future__ import …`` changes what follows, and ``from numpy import *`` may bring anything."""
    return isinstance(statement, ast.ImportFrom) and (
        statement.module == "__future__" or any(alias.name == "*" for alias in statement.names)
    )

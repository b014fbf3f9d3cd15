"""Which exercise `check()` grades, and whether it takes the notebook's cells or the file."""

import difflib
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.api import Check
from grader.course import CourseError, Lesson, find_lesson, functions_of, ready_lessons
from grader.definitions import functions_written, names_given, read_cells
from grader.engine.first_failing import checks_about
from grader.engine.judge.own_file import find_named, missing
from grader.engine.judge.source import Source, read_source
from grader.engine.session import functions_called, load_checks
from grader.notebook.cells import Shell, source_of

STUB = "def {}(*arguments, **keywords):\n    raise NotImplementedError()\n"


@dataclass(frozen=True)
class Choice:
    """The source to grade, its origin in words, and when it was last changed (None: when its file was saved)."""

    source: Source
    origin: str
    worked_at: datetime | None = None


def choose_lesson(name: str | None, latest: str | None, workspace: Path, shell: Shell | None) -> Lesson:
    """The named exercise; by default the one checked last in this kernel, or else the one the notebook is named after.

    Raises:
        CourseError: there is no such exercise, another file is named, or none of these is known.
    """
    if name is not None:
        return find_named(name, workspace)
    for known in (latest, notebook_name(shell)):
        if known:
            try:
                return find_lesson(known)
            except CourseError:
                continue
    example = next(ready_lessons()).slug
    raise CourseError(f'Which exercise? Name it once, as in check("{example}"); after that, check() is enough.')


def notebook_name(shell: Shell | None) -> str:
    """The running notebook's file according to VS Code or Jupyter; empty if neither says."""
    return getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")


def choose_work(lesson: Lesson, name: str | None, workspace: Path, shell: Shell | None) -> Choice:
    """The notebook's cells if they define at least one function of the exercise; else the file.

    A file name always selects the file, which is read again every time.

    Raises:
        CourseError: there is no such file.
    """
    if shell is not None and not Path(name or "").suffix:
        choice = work_in_cells(lesson, workspace, shell)
        if choice:
            return choice
    path = lesson.work_path(workspace, name or "")
    if not os.path.lexists(path):
        fresh = f"For a fresh one, run this in a terminal: ./digits reset {lesson.slug}"
        raise CourseError(missing(lesson, workspace, name or "", fresh))
    shown = path.relative_to(workspace).as_posix()
    return Choice(replace(read_source(path, follow_links=True), name=shown), f"from {shown}")


def work_in_cells(lesson: Lesson, workspace: Path, shell: Shell) -> Choice | None:
    """The exercise's functions in the cells that have run. Missing ones count as not written yet."""
    wanted = functions_of(lesson)
    source = source_of(shell, wanted)
    cells = read_cells(source.code.decode(), source.cells)
    written = functions_written(cells, wanted)
    if not written:
        return None
    file = lesson.exercise_path(workspace).relative_to(workspace).as_posix()
    origin = f'from this notebook\'s cells ({", ".join(sorted(written))}); for your file: check("{file}")'
    return Choice(with_stubs(source, sorted(wanted - names_given(cells))), origin, datetime.now(UTC))


def with_stubs(source: Source, functions: list[str]) -> Source:
    """A source with a cell before the others that defines functions which are not written yet, so that any other
    definition of them counts instead."""
    stubs = "".join(map(STUB.format, functions))
    starts = (1, *(start + stubs.count("\n") for start in source.cells))
    return replace(source, code=stubs.encode() + source.code, cells=starts, unnumbered=1)


def checks_of(lesson: Lesson, function: str) -> list[Check]:
    """The checks of one function: those that are about it, else those that call it at all.

    Raises:
        CourseError: the exercise has no such function.
    """
    if not isinstance(function, str):
        raise CourseError(f'Give the function\'s name in quotes, as in check("{lesson.slug}", "{first_of(lesson)}").')
    names = sorted(functions_of(lesson))
    if function not in names:
        close = difflib.get_close_matches(function, names, 1)
        advice = f"Did you mean {close[0]}?" if close else f"Its functions are: {', '.join(names)}."
        raise CourseError(f"The exercise {lesson.slug} has no function called {function}. {advice}")
    return checks_about(lesson, function)


def first_of(lesson: Lesson) -> str:
    return functions_called(load_checks(lesson.checks_path)[0])[0]

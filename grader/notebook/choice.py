"""Which exercise `check()` grades, and whether it takes the notebook's cells or the file."""

import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.course import CourseError, Lesson, find_lesson, ready_lessons
from grader.engine.judge.source import Source, read_source
from grader.engine.session import functions_of
from grader.notebook.cells import Shell, source_of

DEFINED = re.compile(r"^(?:async )?def (\w+)", re.MULTILINE)
STUB = "def {}(*arguments, **keywords):\n    raise NotImplementedError()\n"


@dataclass(frozen=True)
class Choice:
    """The source to grade, its origin in words, and when it was last changed (None: when its file was saved)."""

    source: Source
    origin: str
    worked_at: datetime | None = None


def choose_lesson(name: str | None, latest: str | None, shell: Shell | None) -> Lesson:
    """The named exercise; by default the one checked last in this kernel, or else the one the notebook is named after.

    Raises:
        CourseError: there is no such exercise, or none of these is known.
    """
    if name is not None:
        return find_lesson(name)
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
    """
    if shell is not None and not Path(name or "").suffix:
        choice = work_in_cells(lesson, workspace, shell)
        if choice:
            return choice
    path = lesson.work_path(workspace, name or "")
    shown = path.relative_to(workspace).as_posix()
    return Choice(replace(read_source(path, follow_links=True), name=shown), f"from {shown}")


def work_in_cells(lesson: Lesson, workspace: Path, shell: Shell) -> Choice | None:
    """The exercise's functions in the cells that have run. Missing ones count as not written yet."""
    wanted = functions_of(lesson)
    source = source_of(shell, wanted)
    written = wanted & set(DEFINED.findall(source.code.decode()))
    if not written:
        return None
    stubs = "".join(STUB.format(function) for function in sorted(wanted - written))
    file = lesson.exercise_path(workspace).relative_to(workspace).as_posix()
    origin = f'from this notebook\'s cells ({", ".join(sorted(written))}); for your file: check("{file}")'
    cells = (*source.cells, source.code.count(b"\n") + 1)  # the stubs are a cell of their own
    return Choice(replace(source, code=source.code + stubs.encode(), cells=cells), origin, datetime.now(UTC))

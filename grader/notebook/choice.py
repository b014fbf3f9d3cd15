"""Which exercise `check()` is about, and which of the learner's work it takes."""

import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.course import CourseError, Lesson, find_lesson, ready_lessons
from grader.engine.judge.source import Source, read_source
from grader.notebook.cells import Shell, source_of

CALLED = re.compile(r"\b(?:submission|elsewhere|where)\.([a-z]\w*)\(")  # a learner's function in the text of the checks
DEFINED = re.compile(r"^(?:async )?def (\w+)", re.MULTILINE)
STUB = "def {}(*arguments, **keywords):\n    raise NotImplementedError()\n"


@dataclass(frozen=True)
class Choice:
    """What is graded, in words where it comes from, and when it was changed last if not when its file was saved."""

    source: Source
    origin: str
    worked_at: datetime | None = None


def choose_lesson(name: str | None, latest: str | None, shell: Shell | None) -> Lesson:
    """The exercise that is named; without a name the one that was checked last in this kernel, or else the one after
    which the notebook is called.

    Raises:
        CourseError: there is no such exercise, or nothing tells which one is meant.
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
    """The running notebook's file, as VS Code or Jupyter tells it; nothing where neither does."""
    return getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")


def choose_work(lesson: Lesson, name: str | None, workspace: Path, shell: Shell | None) -> Choice:
    """The functions in the notebook's cells, if at least one of the exercise has been written there; else the file.

    Who names a file gets the file. It is read anew every time.
    """
    if shell is not None and not Path(name or "").suffix:
        choice = work_in_cells(lesson, workspace, shell)
        if choice:
            return choice
    path = lesson.work_path(workspace, name or "")
    shown = path.relative_to(workspace).as_posix()
    return Choice(replace(read_source(path), name=shown), f"from {shown}")


def work_in_cells(lesson: Lesson, workspace: Path, shell: Shell) -> Choice | None:
    """What the cells that have run hold of the exercise; what they do not hold is not written yet."""
    wanted = functions_of(lesson)
    source = source_of(shell, only=wanted)
    written = wanted & set(DEFINED.findall(source.code.decode()))
    if not written:
        return None
    stubs = "".join(STUB.format(function) for function in sorted(wanted - written))
    file = lesson.exercise_path(workspace).relative_to(workspace).as_posix()
    origin = f'from this notebook\'s cells ({", ".join(sorted(written))}); for your file: check("{file}")'
    return Choice(replace(source, code=source.code + stubs.encode()), origin, datetime.now(UTC))


def functions_of(lesson: Lesson) -> set[str]:
    """The functions that an exercise asks for: those that its checks call."""
    return set(CALLED.findall(lesson.checks_path.read_text("utf-8")))

"""`digits check`: grades your own exercise. Other commands print verdicts with the functions here, too."""

import ast
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from grader.cli.commands.next import show_steps_after, steps
from grader.cli.commands.recover import open_progress
from grader.cli.live.progress_line import progress
from grader.cli.terminal import Terminal
from grader.course import (
    CourseError,
    Lesson,
    find_workspace,
    functions_of,
    ready_lessons,
)
from grader.engine.judge import background
from grader.engine.judge.own_file import file_elsewhere, find_typed, missing
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import InvalidSubmission, Source, read_source
from grader.engine.outcomes import is_empty
from grader.engine.runner.local import LocalEngine
from grader.engine.session import HOME_SEED, Session
from grader.feedback.text import is_folded, paragraph
from grader.progress.record import Progress, read_progress, record_verdict
from grader.verdict import CheckResult, Verdict

DEBUGGER_KEYS = "Your code stops where it raises an error. At (Pdb): p NAME prints a value, c continues, q quits."


def check_exercises(name: str | None, seed: str | None, debug: bool = False) -> int:
    """Check one exercise of the workspace, or all that exist there, and print feedback as it arrives.

    Returns:
        The exit status: 0 whatever the points, 2 if a file cannot be read, 3 if the grader itself failed.
    """
    terminal, workspace = Terminal(), find_workspace()
    named = [] if name is None else [find_typed(name, workspace)]
    elsewhere = file_elsewhere(named[0], workspace, name) if name is not None else None
    progress = open_progress(terminal, workspace)
    chosen = named or [lesson for lesson in ready_lessons() if is_expected(lesson, workspace, progress)]
    local = cast("Engine", LocalEngine(debug=True)) if debug else None  # it offers all that a session uses of an engine
    statuses: list[int] = []
    try:
        with local or Engine(background.connect) as engine:
            grader = Grader(terminal, workspace, engine, seed.encode() if seed else HOME_SEED, debug)
            for runtime in dict.fromkeys(lesson.runtime for lesson in chosen):
                engine.warm(runtime)
            for lesson in chosen:
                statuses.append(grader.grade_elsewhere(lesson, elsewhere) if elsewhere else grader.grade(lesson, name))
                terminal.line()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "The exercises that were already checked are recorded." if statuses else "Nothing was recorded."
        ) from None
    if name is None:
        show_total(terminal, read_progress(workspace))
    return max(statuses, default=0)


def show_total(terminal: Terminal, progress: Progress) -> None:
    """The points of all exercises, as the map counts them, and where to go from here."""
    ready = list(ready_lessons())
    reached = sum(progress.of(lesson).points(lesson) for lesson in ready)
    total = f"{reached:g} of {sum(lesson.points for lesson in ready)} points in all exercises."
    terminal.wrapped(total, ("What to do next:", "quiet"), ("./digits next", "title"))


def is_expected(lesson: Lesson, workspace: Path, progress: Progress) -> bool:
    """Whether a check of all exercises should say something about this one: its file is there, or has been."""
    record = progress.of(lesson)
    return os.path.lexists(lesson.work_path(workspace)) or record.best > 0 or record.best_at is not None


@dataclass
class Grader:
    """Grades files, prints their verdicts and records them. Its methods return exit statuses."""

    terminal: Terminal
    workspace: Path
    engine: Engine
    seed: bytes
    debug: bool
    has_named_keys: bool = False  # of the debugger

    def grade(self, lesson: Lesson, name: str | None) -> int:
        """Grade the learner's own work and record its points. Without a name, this is one exercise of many: if its file
        cannot be read, the others are still graded."""
        try:
            source = read_own_work(lesson, self.workspace, name)
        except CourseError as error:
            if name is not None:
                raise
            return tell_unreadable(self.terminal, lesson, str(error))
        verdict = self._verdict(lesson, source)
        lack = lack_of(lesson, source) if verdict.outcome == "graded" else ""
        if lack:
            reset = (f"./digits reset {lesson.slug}", "title")
            self.terminal.wrapped(("note", "bad"), f"{lack} For a fresh stub:", reset)
        elif name and verdict.checks and all(is_folded(result) for result in verdict.checks):
            self.terminal.lines(steps(lesson, self.workspace, self.terminal.width))
        if any(result.called for result in verdict.checks):
            self.terminal.line((" try  ", "quiet"), (f"./digits try {lesson.slug}", "title"))
        status = keep(self.terminal, self.workspace, verdict)
        if name and verdict.score == verdict.max_score:
            show_steps_after(self.terminal, lesson, read_progress(self.workspace))
        return status

    def grade_elsewhere(self, lesson: Lesson, path: Path) -> int:
        """Grade another file, without a record."""
        verdict = self._verdict(lesson, read_source(path, follow_links=True))
        own = lesson.work_path(self.workspace).relative_to(self.workspace).as_posix()
        note = f"Not recorded: your map shows the points of {own}."
        self.terminal.lines(paragraph("note", note, self.terminal.width))
        return 3 if verdict.outcome == "grader_error" else 0

    def _verdict(self, lesson: Lesson, source: Source) -> Verdict:
        if self.debug and not self.has_named_keys and can_stop_in(source):
            self.has_named_keys = True
            self.terminal.wrapped(DEBUGGER_KEYS)
        return print_verdict(self.terminal, lesson, source, self.engine, self.seed, debug=self.debug)


def tell_unreadable(terminal: Terminal, lesson: Lesson, sentence: str) -> int:
    """Say in the place of its verdict why an exercise has none."""
    terminal.title(lesson)
    terminal.lines(paragraph("not checked", sentence, terminal.width))
    return 2


def can_stop_in(source: Source) -> bool:
    """Whether a debugger may stop in a file: it holds code, and Python can read it. In a notebook, some cells may be
    beyond repair; the others still run."""
    if source.cells:
        return True
    try:
        with warnings.catch_warnings(action="ignore"):  # about the learner's code
            return bool(ast.parse(source.code).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def lack_of(lesson: Lesson, source: Source) -> str:
    """A sentence about a file that does not even name a function of its exercise, as every stub does; else empty."""
    if not source.code.strip():
        return f"{source.name} is empty."
    if is_empty(source):
        return f"{source.name} holds no code."
    text, wanted = source.code.decode("utf-8", "replace"), functions_of(lesson)
    if not wanted or any(re.search(rf"\b{name}\b", text) for name in wanted):
        return ""
    return f"{source.name} has none of the functions of this exercise."


def read_own_work(lesson: Lesson, workspace: Path, name: str | None = None) -> Source:
    """Read the learner's file of an exercise. ``name`` is what they typed: it tells a notebook from a Python file."""
    path = lesson.work_path(workspace, name or "")
    if not os.path.lexists(path):
        fresh = f"Run ./digits reset {lesson.slug} for a fresh one."
        raise CourseError(missing(lesson, workspace, name or "", fresh))
    try:
        return read_source(path, follow_links=True)
    except InvalidSubmission as error:
        raise CourseError(str(error)) from None


def keep(terminal: Terminal, workspace: Path, verdict: Verdict) -> int:
    """Record a check of a whole exercise, unless the grader failed; returns the exit status."""
    note = record_verdict(workspace, verdict)
    if note:
        terminal.lines(paragraph("note", note, terminal.width))
    return 3 if verdict.outcome == "grader_error" else 0


def print_verdict(
    terminal: Terminal,
    lesson: Lesson,
    source: Source,
    engine: Engine,
    seed: bytes,
    core: int | None = None,
    debug: bool = False,
) -> Verdict:
    """Grade a submission and print each result as it arrives, with a progress line in between unless a debugger may
    need the terminal."""
    terminal.title(lesson, source.name)
    with (
        progress(terminal, not debug) as shown,
        Session(lesson, source, engine, seed, shown.training, core=core) as session,
    ):

        def on_result(result: CheckResult) -> None:
            shown.clear()
            if not is_folded(result):
                terminal.result(result)

        session.on_check = lambda check: shown.begin(check.title)
        shown.begin("importing TensorFlow" if lesson.runtime == "tensorflow" else "starting")
        verdict = session.verdict(on_result)
    terminal.folded(verdict.checks)
    if verdict.message:
        terminal.lines(paragraph(verdict.outcome.replace("_", " "), verdict.message, terminal.width))
    if verdict.outcome != "grader_error":  # which is nobody's zero
        style = "good" if verdict.score == verdict.max_score else ""
        terminal.line(
            (f" {verdict.score:g} of {verdict.max_score:g} points", style), (f"   {verdict.seconds:.1f} s", "quiet")
        )
    return verdict

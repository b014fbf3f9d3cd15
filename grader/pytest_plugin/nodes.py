"""What pytest collects: an exercise, and in it a test for each check."""

import bdb
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr
from _pytest._io import TerminalWriter

from grader.api import Check
from grader.course import CourseError, Lesson
from grader.engine.judge.source import InvalidSubmission
from grader.engine.session import Session, functions_called, load_checks
from grader.feedback.text import is_folded, plain
from grader.pytest_plugin.grading import open_session, terminal
from grader.verdict import CheckResult

STOPPED = "stopped in the debugger"
SKIPPED = pytest.StashKey[bool]()


class NotPassed(bdb.BdbQuit):
    """A check that did not pass. Pytest's own ``--pdb`` does not stop at it: the frames are the grader's."""

    def __init__(self, text: str, summary: str) -> None:
        super().__init__(summary)
        self.text, self.summary = text, summary


class Feedback(TerminalRepr):
    """The feedback on a check, with the sentence for pytest's short summary."""

    def __init__(self, text: str, place: ReprFileLocation) -> None:
        self.text, self.reprcrash = text, place

    def __str__(self) -> str:
        return self.text

    def toterminal(self, tw: TerminalWriter) -> None:
        tw.line(self.text)


class ExerciseFile(pytest.File):
    """An exercise. Its file is read as text until its first check runs, in a process of its own."""

    def __init__(self, *, lesson: Lesson, work: Path, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.lesson, self.work = lesson, work
        self._session: Session | None = None
        self._is_told = False

    def collect(self) -> Iterator["CheckItem"]:
        lines = lines_of_functions(self.work)
        for check in load_checks(self.lesson.checks_path):
            yield CheckItem.from_parent(self, name=check.name, check=check, line=line_of(check, lines))

    def run(self, check: Check) -> CheckResult:
        """Grade one check.

        Raises:
            NotPassed: the file cannot be graded. Only the first check says so; the others are skipped.
        """
        failure = self._failure()
        if failure and self._is_told:
            raise pytest.skip.Exception(f"{self.work.name} cannot be graded as it is", _use_item_location=True)
        if failure:
            self._is_told = True
            raise NotPassed(failure, failure)
        assert self._session
        return self._session.run(check)

    def teardown(self) -> None:
        if self._session:
            self._session.close()
        self._session, self._is_told = None, False

    def _failure(self) -> str:
        """What is wrong with the whole file, if anything is."""
        try:
            self._session = self._session or open_session(self.config, self.lesson, self.work)
        except (CourseError, InvalidSubmission) as error:
            return str(error)
        return self._session.load()


class CheckItem(pytest.Item):
    """One check as a pytest test, at the learner's function."""

    parent: ExerciseFile

    def __init__(self, *, check: Check, line: int, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.check, self.line = check, line

    def runtest(self) -> None:
        with terminal(self.config):
            result = self._run()
        if is_folded(result):
            self.config.stash[SKIPPED] = True
            raise pytest.skip.Exception(result.message, _use_item_location=True)
        if result.outcome != "passed":
            raise NotPassed(plain(result), summary(result))

    def _run(self) -> CheckResult:
        try:
            return self.parent.run(self.check)
        except KeyboardInterrupt:
            if not self.config.getoption("usepdb"):
                raise
            self.session.shouldstop = STOPPED  # raised on, pytest would open its debugger in the grader's frames
            raise NotPassed(STOPPED, STOPPED) from None

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        error = excinfo.value
        if isinstance(error, NotPassed):
            return Feedback(error.text, ReprFileLocation(os.fspath(self.parent.work), self.line + 1, error.summary))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.parent.work.absolute(), self.line, f"{self.parent.lesson.stem}: {self.check.title}"


def summary(result: CheckResult) -> str:
    """The failure in one line: the mistake by its name if it has one."""
    return f"{result.mistake}: {result.explanation}" if result.mistake else result.message


def lines_of_functions(work: Path) -> dict[str, int]:
    """The lines, counted from 0, where a Python file defines functions. It need not be complete or correct."""
    try:
        lines = work.read_text("utf-8", errors="replace").splitlines() if work.suffix == ".py" else []
    except OSError:
        return {}
    found = ((re.match(r"(?:def|class)\s+(\w+)", line), number) for number, line in enumerate(lines))
    return {match[1]: number for match, number in found if match}


def line_of(check: Check, lines: dict[str, int]) -> int:
    """The line of the function that a check is about: the one of its name, or the first that it calls."""
    return next((lines[name] for name in [check.name, *functions_called(check)] if name in lines), 0)

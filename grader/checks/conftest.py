"""Lets pytest run the checks: `pytest grader/checks -k dense` grades exercises/05_dense.py with the same verdict.

Each check becomes one test item. What runs it is the same session that `digits check` uses; pytest selects and reports.
"""

from pathlib import Path

import pytest

from grader.api import Check
from grader.choices import use_choices_here
from grader.course import CourseError, Lesson, find_lesson, find_workspace
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import InvalidSubmission, read_source
from grader.engine.session import HOME_SEED, Session
from grader.feedback.text import plain
from grader.verdict import CheckResult

SESSIONS = pytest.StashKey[dict[Lesson, Session]]()
ENGINE = pytest.StashKey[Engine]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("digits")
    group.addoption("--submission", type=Path, help="grade this file instead of the one in exercises/")
    group.addoption("--seed", default=HOME_SEED.decode(), help="fixes the random inputs of the checks")


def pytest_configure(config: pytest.Config) -> None:
    use_choices_here()
    config.stash[SESSIONS] = {}
    config.stash[ENGINE] = Engine()


def pytest_unconfigure(config: pytest.Config) -> None:
    for session in config.stash.get(SESSIONS, {}).values():
        session.close()
    if ENGINE in config.stash:
        config.stash[ENGINE].close()


def pytest_pycollect_makeitem(collector: pytest.Module, name: str, obj: object) -> pytest.Item | None:
    if isinstance(obj, Check):
        return CheckItem.from_parent(collector, name=obj.name, check=obj)
    return None


class NotPassed(Exception):
    """Carries the result of a check that did not pass to pytest's report."""

    def __init__(self, result: CheckResult) -> None:
        super().__init__(result.message)
        self.result = result


class CheckItem(pytest.Item):
    """One check as a pytest test."""

    def __init__(self, *, check: Check, **keywords: object) -> None:
        super().__init__(**keywords)
        self.check = check

    def runtest(self) -> None:
        session = self._session()
        failure = session.load()
        if failure:
            pytest.fail(failure, pytrace=False)
        result = session.run(self.check)
        if result.outcome != "passed":
            raise NotPassed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: str | None = None) -> object:
        if isinstance(excinfo.value, NotPassed):
            return plain(excinfo.value.result)
        if isinstance(excinfo.value, (CourseError, InvalidSubmission)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.check.function.__code__.co_firstlineno - 1, f"{self.path.stem}: {self.check.title}"

    def _session(self) -> Session:
        """The session of this lesson's submission, shared by its checks."""
        sessions, lesson = self.config.stash[SESSIONS], find_lesson(self.path.stem)
        if lesson not in sessions:
            named = self.config.getoption("submission")
            source = read_source(named or lesson.work_path(find_workspace()), follow_links=not named)
            seed = self.config.getoption("seed").encode()
            sessions[lesson] = Session(lesson, source, self.config.stash[ENGINE], seed)
        return sessions[lesson]

"""Lets pytest and editors run the checks: each check of an exercise is one test, at the function that it is about.

`pytest` grades all of exercises/; `pytest -k pixels` and `pytest exercises/01_pixels.py` grade one exercise. What
runs a check is the session that `digits check` uses; pytest selects and reports. The project's settings load this
plugin; in other folders, `pytest -p grader.pytest_plugin` does.
"""

from collections.abc import Generator
from pathlib import Path

import pytest

from grader.choices import use_choices_here
from grader.course import PACKAGE, CourseError, Lesson, find_workspace, ready_lessons
from grader.engine.session import HOME_SEED
from grader.pytest_plugin.grading import close_engine
from grader.pytest_plugin.nodes import SKIPPED, ExerciseFile

__all__ = [
    "pytest_addoption",
    "pytest_collect_file",
    "pytest_configure",
    "pytest_terminal_summary",
    "pytest_unconfigure",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("digits")
    group.addoption("--submission", type=Path, help="grade this file instead of the one in exercises/")
    group.addoption("--seed", default=HOME_SEED.decode(), help="fixes the random inputs of the checks")


def pytest_configure() -> None:
    try:
        use_choices_here()
    except CourseError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    close_engine(config)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """An exercise is collected by its checks. Pytest itself would import it."""
    collected = yield
    found = exercise_at(file_path)
    if found is None:
        return collected
    lesson, work = found
    submission = parent.config.getoption("submission")
    return [ExerciseFile.from_parent(parent, path=file_path, lesson=lesson, work=submission or work)]


def exercise_at(path: Path) -> tuple[Lesson, Path] | None:
    """The lesson that a learner's exercise, or a file of checks, belongs to, and the file to grade."""
    for lesson in ready_lessons():
        if path == lesson.checks_path and path.is_relative_to(PACKAGE):
            return lesson, lesson.work_path(find_workspace())
        if path == lesson.work_path(path.parent.parent):
            return lesson, path
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash.get(SKIPPED, False) and "s" not in terminalreporter.reportchars:
        terminalreporter.write_line("A skipped check waits for code that you have not written yet: pytest -rs")

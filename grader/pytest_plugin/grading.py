"""Sessions for pytest: one for each exercise, all on one engine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from grader.course import Lesson
from grader.engine.judge import background
from grader.engine.judge.processes import Engine
from grader.engine.judge.source import read_source
from grader.engine.runner.local import LocalEngine
from grader.engine.session import Session

ENGINE = pytest.StashKey[Engine]()
DEBUGGERS = {"pydevd", "_pydevd_bundle"}  # of VS Code and PyCharm


def open_session(config: pytest.Config, lesson: Lesson, work: Path) -> Session:
    """Read an exercise and prepare to grade it.

    Raises:
        CourseError: there is no such file.
        InvalidSubmission: it cannot be read as a submission.
    """
    source = read_source(work, follow_links=not config.getoption("submission"))
    if is_debugged(config):
        source = replace(source, name=str(work.resolve()))  # a breakpoint is at a whole path
    return Session(lesson, source, engine_of(config), config.getoption("seed").encode())


def engine_of(config: pytest.Config) -> Engine:
    """The engine of this run. Under a debugger it runs the learner's code in this process, where breakpoints are."""
    if ENGINE not in config.stash:
        local = is_debugged(config)
        made = cast("Engine", LocalEngine(debug=asks_for_pdb(config))) if local else Engine(background.connect)
        config.stash[ENGINE] = made
    return config.stash[ENGINE]


def close_engine(config: pytest.Config) -> None:
    """End what the run has started."""
    if ENGINE in config.stash:
        with config.stash[ENGINE]:
            del config.stash[ENGINE]


def asks_for_pdb(config: pytest.Config) -> bool:
    return bool(config.getoption("usepdb"))


def is_debugged(config: pytest.Config) -> bool:
    return asks_for_pdb(config) or bool(DEBUGGERS & sys.modules.keys())


@contextmanager
def terminal(config: pytest.Config) -> Iterator[None]:
    """With ``--pdb``, the debugger can print and read although pytest captures what tests do."""
    manager = config.pluginmanager.getplugin("capturemanager") if asks_for_pdb(config) else None
    if manager:
        manager.suspend_global_capture(in_=True)
    try:
        yield
    finally:
        if manager:
            manager.resume_global_capture()

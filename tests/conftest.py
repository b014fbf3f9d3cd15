"""What the tests share: one engine per worker, so that TensorFlow is imported once."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import browser, chromium  # noqa: F401  (fixtures)
from tiers import pytest_addoption, pytest_collection_modifyitems  # noqa: F401  (hooks)

from grader.authoring.course_check import headers
from grader.course import REPOSITORY, Lesson, ready_lessons
from grader.engine.judge.processes import ENVIRONMENT, Engine, Zygote
from grader.engine.judge.source import read_source
from grader.engine.session import Session, load_checks
from grader.verdict import Verdict

TESTS = Path(__file__).parent
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell has put the tests in the background
READY = tuple(ready_lessons())


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine() as shared:
        yield shared


@pytest.fixture
def grade(engine: Engine) -> Callable[..., Verdict]:
    """Grade a file as an exercise of a lesson."""

    def grade_file(lesson: Lesson, path: Path, seed: str = "0") -> Verdict:
        with Session(lesson, read_source(path), engine, seed.encode()) as session:
            return session.verdict()

    return grade_file


def zygotes_after(program: str) -> Callable[[str], Zygote]:
    """How an engine connects to zygotes that are started by a Python program of a test's own."""

    def connect(runtime: str) -> Zygote:
        home = tempfile.mkdtemp(prefix="digits-")
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-IBc", program, runtime, "private", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=home,
                env=ENVIRONMENT | {"HOME": home, "KERAS_HOME": f"{home}/keras"},
            )

        def clean_up() -> None:
            process.wait()
            shutil.rmtree(home, ignore_errors=True)

        return Zygote(runtime, ours, clean_up)

    return connect


def mistakes() -> list:
    """Every file of `tests/mistakes` as a test parameter: (lesson, path). One of each diagnosis is quick."""
    return list(corpus("mistakes", lambda path: headers(path).get("diagnosis", ""), checks_that_fail))


def checks_that_fail(path: Path) -> list[str]:
    """The checks that a file of `tests/mistakes` says it fails."""
    return re.findall(r"\w+", headers(path).get("checks", ""))


def alternatives() -> list:
    """Every file of `tests/alternatives` as a test parameter: (lesson, path). One of each lesson is quick."""
    return list(corpus("alternatives", lambda path: path.parent.name))


def corpus(folder: str, kind: Callable[[Path], str], checks: Callable[[Path], list[str]] = lambda path: []) -> Iterator:
    """Files as test parameters, of which the first of each kind is in the quick set.

    Args:
        checks: by which checks of its lesson a file is judged; all of them, if none is named.
    """
    for lesson in READY:
        training = {check.name for check in load_checks(lesson.checks_path) if check.takes_long}
        seen: set[str] = set()
        for path in sorted((TESTS / folder / lesson.stem).glob("*.py"), key=lambda path: path.stem):
            judged_by = set(checks(path)) or training
            marks = [pytest.mark.trains] if lesson.runtime == "tensorflow" and training & judged_by else []
            if kind(path) in seen:
                marks.append(pytest.mark.thorough)
            seen.add(kind(path))
            yield pytest.param(lesson, path, id=f"{lesson.slug}-{path.stem}", marks=marks)


def solution(lesson: Lesson) -> Path:
    return REPOSITORY / "solutions" / f"{lesson.stem}.py"

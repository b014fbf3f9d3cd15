"""What the tests share: one engine per worker, so that TensorFlow is imported once."""

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

from grader.course import REPOSITORY, Lesson, ready_lessons
from grader.engine.judge.processes import ENVIRONMENT, Engine, Zygote
from grader.engine.judge.source import read_source
from grader.engine.session import Session
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


def corpus(folder: str) -> list:
    """Every file of `tests/mistakes` or `tests/alternatives` as a test parameter: (lesson, path)."""
    return [
        pytest.param(lesson, path, id=f"{lesson.slug}-{path.stem}")
        for lesson in READY
        for path in sorted((TESTS / folder / lesson.stem).glob("*.py"))
    ]


def solution(lesson: Lesson) -> Path:
    return REPOSITORY / "solutions" / f"{lesson.stem}.py"

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
from typing import NamedTuple

import pytest
from browser import browser, chromium  # noqa: F401  (fixtures)
from tiers import pytest_addoption, pytest_collection_modifyitems  # noqa: F401  (hooks)

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


class Header(NamedTuple):
    """The first lines of a file in `tests/mistakes`: the diagnosis that it must get, the function that is wrong, and
    the checks that notice."""

    diagnosis: str
    function: str | None
    checks: tuple[str, ...]


HEADER = re.compile(r"# diagnosis: ([a-z0-9-]+)\n(?:# in: (\w+)\n)?# checks: ([\w, ]+)\n")


def header(path: Path) -> Header:
    found = HEADER.match(path.read_text("utf-8"))
    assert found, f"{path} must begin with the lines # diagnosis:, # in: and # checks:"
    diagnosis, function, checks = found.groups()
    return Header(diagnosis, function, tuple(checks.split(", ")))


def mistakes() -> list:
    """Every file of `tests/mistakes` as a test parameter: (lesson, path). One of each diagnosis is quick."""
    return list(corpus("mistakes", lambda path: header(path).diagnosis, lambda path: header(path).checks))


def alternatives() -> list:
    """Every file of `tests/alternatives` as a test parameter: (lesson, path). One of each lesson is quick."""
    return list(corpus("alternatives", lambda path: path.parent.name))


def corpus(
    folder: str, kind: Callable[[Path], str], checks: Callable[[Path], tuple[str, ...]] = lambda path: ()
) -> Iterator:
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

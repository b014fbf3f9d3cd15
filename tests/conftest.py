"""What the tests share: one engine per worker, so that TensorFlow is imported once."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

import pytest
from browser import browser, chromium  # noqa: F401  (fixtures)
from failures import pytest_configure  # noqa: F401  (hook)
from selection import pytest_addoption, pytest_collection_modifyitems  # noqa: F401  (hooks)

from grader.authoring.course_check import headers
from grader.course import REPOSITORY, Lesson, ready_lessons
from grader.engine.judge.processes import ENVIRONMENT, Engine, Zygote
from grader.engine.judge.source import read_source
from grader.engine.session import Session, load_checks
from grader.verdict import Verdict

TESTS = Path(__file__).parent
READY = tuple(ready_lessons())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ctrl-C reaches what a test starts: a shell that has put the tests in the background ignores it, and a library may
    have left it ignored or blocked in this process."""
    is_blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    if is_blocked or before is not signal.default_int_handler:
        warnings.warn(f"SIGINT was {'blocked' if is_blocked else before} before {item.nodeid}", stacklevel=1)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(partial(Zygote.private, threads=1)) as shared:  # as for a class: the cores belong to the workers
        yield shared


@pytest.fixture(scope="session")
def is_quick(request: pytest.FixtureRequest) -> bool:
    """Whether this run holds the quick set alone."""
    return request.config.getoption("quick")


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
    """Every file of `tests/mistakes` as a test parameter: (lesson, path). Quick is one file of each diagnosis,
    unless only a training can tell."""
    parameters, quick = [], set()
    for lesson, path in corpus("mistakes"):
        diagnosis, marks = headers(path).get("diagnosis"), training(lesson, checks_that_fail(path))
        if marks or diagnosis in quick:
            marks.append(pytest.mark.thorough)
        else:
            quick.add(diagnosis)
        parameters.append(pytest.param(lesson, path, id=f"{lesson.slug}-{path.stem}", marks=marks))
    return parameters


def checks_that_fail(path: Path) -> list[str]:
    """The checks that a file of `tests/mistakes` says it fails."""
    return re.findall(r"\w+", headers(path).get("checks", ""))


def alternatives() -> list:
    """Every file of `tests/alternatives` as a test parameter: (lesson, path)."""
    return [
        pytest.param(lesson, path, id=f"{lesson.slug}-{path.stem}", marks=training(lesson))
        for lesson, path in corpus("alternatives")
    ]


def corpus(folder: str) -> Iterator[tuple[Lesson, Path]]:
    """Each lesson with each of its files in a folder of the tests."""
    for lesson in READY:
        for path in sorted((TESTS / folder / lesson.stem).glob("*.py"), key=lambda path: path.stem):
            yield lesson, path


def training(lesson: Lesson, names: Collection[str] = ()) -> list[pytest.MarkDecorator]:
    """The marker `trains` where checks of a lesson, all of them unless some are named, train with TensorFlow."""
    checks = [check for check in load_checks(lesson.checks_path) if not names or check.name in names]
    trains = lesson.runtime == "tensorflow" and any(check.takes_long for check in checks)
    return [pytest.mark.trains] if trains else []


def solution(lesson: Lesson) -> Path:
    return REPOSITORY / "solutions" / f"{lesson.stem}.py"

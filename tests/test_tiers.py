"""A machine that allows no namespaces: the weaker tier grades alike, and still keeps what it promises."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import READY, TESTS, solution

from grader.engine.isolation import STOPS_NOT, TIERS, landlock
from grader.engine.processes import ENVIRONMENT, Engine, Zygote
from grader.engine.session import Session
from grader.engine.source import Source, read_source

PIXELS, DENSE = READY[0], READY[1]
WITHOUT_NAMESPACES = """
from grader.engine import zygote
from grader.engine.isolation import root

def refuse(place):
    raise PermissionError("no namespaces here")

root.enter = refuse
zygote.main()
"""
pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


@pytest.fixture
def weaker(tmp_path):
    """An engine whose zygotes find no namespaces."""

    def connect(runtime: str) -> Zygote:
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = [runtime, "private", str(theirs.fileno())]
            process = subprocess.Popen(
                [sys.executable, "-IBc", WITHOUT_NAMESPACES, *arguments],
                pass_fds=[theirs.fileno()],
                stderr=subprocess.DEVNULL,
                cwd=tmp_path,
                env=ENVIRONMENT | {"KERAS_HOME": str(tmp_path)},
            )
        return Zygote(runtime, ours, process.wait)

    with Engine(connect) as engine:
        yield engine


def checks_of(engine, lesson, path) -> list[dict]:
    with Session(lesson, read_source(path), engine) as session:
        return [result.to_json() for result in session.verdict().checks]


def test_every_tier_says_what_it_does_not_stop():
    assert set(STOPS_NOT) == set(TIERS)


@pytest.mark.parametrize("path", [solution(PIXELS), TESTS / "mistakes/01_pixels/scaled-per-image.py"])
def test_the_verdict_is_the_same_without_namespaces(path, engine, weaker):
    assert weaker.tier("numpy") == "landlock"
    assert checks_of(weaker, PIXELS, path) == checks_of(engine, PIXELS, path)


def test_keras_works_without_namespaces(engine, weaker):
    path = TESTS / "mistakes/05_dense/trains-another-model.py"  # it trains a little
    assert checks_of(weaker, DENSE, path) == checks_of(engine, DENSE, path)


@pytest.mark.parametrize(
    "attempt",
    [
        f"open({str(solution(PIXELS))!r}).read()",
        "open('/etc/hostname').read()",
        "os.listdir('/proc')",
        "open(f'/proc/{os.getppid()}/status').read()",
        "open('/tmp/left-behind', 'w')",
        "open('/dev/shm/left-behind', 'w')",
        "os.kill(os.getppid(), 9)",
        "os.setsid()",
        "socket.socket()",
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))",
    ],
)
def test_what_landlock_and_seccomp_stop_alone(attempt, weaker):
    code = f"import os, resource, socket\ndef label_counts(labels, num_classes=10):\n    {attempt}\n"
    with Session(PIXELS, Source(code.encode(), "attempt.py"), weaker) as session:
        result = session.verdict().checks[0]
    assert "PermissionError" in result.message


def test_nothing_that_a_runner_started_outlives_it(weaker, tmp_path):
    code = """
import os, time
def label_counts(labels, num_classes=10):
    if os.fork() == 0:
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    open("scratch", "w").write("something")
    return labels
"""
    with Session(PIXELS, Source(code.encode(), "daemon.py"), weaker) as session:
        session.verdict()
    zygote = weaker.zygote_pid("numpy")
    deadline = time.monotonic() + 3
    while (left := children(zygote)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []
    assert list(tmp_path.glob("runner-*")) == []


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

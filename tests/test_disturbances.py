"""What the machine does to a submission is never held against it: it is judged again, and its verdict is the same."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from conftest import solution

from grader.course import Limits, find_lesson
from grader.engine.judge.clock import Budget, Stopwatch
from grader.engine.judge.processes import Engine, Zygote
from grader.engine.judge.processors import cores, descendants
from grader.engine.judge.source import Source
from grader.engine.session import Session
from grader.engine.wire.accounts import Usage
from grader.verdict import Verdict

PIXELS = find_lesson("pixels")
CODE = solution(PIXELS).read_text("utf-8")
SLOW = (
    CODE
    + """
import time

def slowly(function):
    def called(*arguments, **keywords):
        time.sleep(0.12)
        return function(*arguments, **keywords)
    return called

for name in ("label_counts", "scale_pixels", "flatten_images", "add_channel_axis", "one_hot"):
    globals()[name] = slowly(globals()[name])
"""
)
MOMENTS = 10
BUSY = "while True: pass"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the processes of Linux")


def told(verdict: Verdict) -> tuple[str, float, list[tuple[str, str, float, str]]]:
    checks = [(each.name, each.outcome, each.points, each.message) for each in verdict.checks]
    return verdict.outcome, verdict.score, checks


def grade(engine: Engine, code: str, disturb: Callable[[Session], None] = lambda session: None, **options) -> Verdict:
    """Grade beside a thread that does something to the grading."""
    with Session(PIXELS, Source(code.encode(), "pixels.py"), engine, b"a secret", **options) as session:
        thread = threading.Thread(target=disturb, args=(session,))
        thread.start()
        verdict = session.verdict()
        thread.join()
        return verdict


@pytest.fixture(scope="module")
def undisturbed(engine) -> tuple:
    verdict = grade(engine, SLOW)
    assert verdict.score == verdict.max_score
    return told(verdict)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_zygote_that_is_killed_costs_nothing(moment, undisturbed):
    with Engine(Zygote.private) as engine:
        zygote = engine.zygote_pid("numpy")

        was_running = []

        def kill(session: Session) -> None:
            time.sleep(0.1 + moment * 0.1)
            was_running.append(len(session.results) < len(undisturbed[2]))
            os.kill(zygote, signal.SIGKILL)

        assert told(grade(engine, SLOW, kill)) == undisturbed
        assert was_running == [True]


@pytest.mark.parametrize("which", [0, -1], ids=["init", "runner"])
@pytest.mark.parametrize("moment", range(3))
def test_a_runner_that_is_killed_costs_nothing(which, moment, engine, undisturbed):
    def kill(session: Session) -> None:
        while not session._processes:
            time.sleep(0.01)
        runner = list(descendants(session._processes[0]._pid))[which]
        time.sleep(0.1 + moment * 0.3)
        os.kill(runner, signal.SIGKILL)

    assert told(grade(engine, SLOW, kill)) == undisturbed


def test_who_kills_himself_is_killed_again_and_has_crashed(engine):
    code = CODE.replace("def label_counts(", "def others(", 1) + (
        "\nimport os\ndef label_counts(labels, num_classes=10):\n    os.kill(os.getpid(), 9)\n"
    )
    verdict = grade(engine, code)
    assert verdict.outcome == "graded"
    assert [each.outcome for each in verdict.checks if each.name == "label_counts"] == ["crashed"]
    assert 0 < verdict.score < verdict.max_score


@contextmanager
def hogs(count: int, core: int) -> Iterator[None]:
    """Processes that take all that they can get of one core."""
    running = [subprocess.Popen([sys.executable, "-c", BUSY], start_new_session=True) for _ in range(count)]
    for process in running:
        os.sched_setaffinity(process.pid, {core})
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def computing(seconds: float) -> str:
    """A submission whose first function takes some seconds of processor time."""
    return (
        CODE
        + f"""
import time
right = label_counts
def label_counts(labels, num_classes=10):
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
    return right(labels, num_classes)
"""
    )


def test_a_limit_counts_the_time_that_a_submission_had(engine, monkeypatch):
    """It takes 0.6 s of a core of which it gets a fifth or less; 1 s is allowed."""
    core = cores()[0]
    lesson = replace(PIXELS, limits=Limits(seconds=1, training_seconds=1, total_seconds=60))
    monkeypatch.setitem(globals(), "PIXELS", lesson)
    monkeypatch.setattr("grader.engine.judge.clock.LEAST_STRETCH", 60)
    monkeypatch.setattr("grader.engine.judge.clock.MOST_STRETCH", 60)
    with hogs(4, core):
        verdict = grade(engine, computing(0.6), core=core)
    assert verdict.score == verdict.max_score, told(verdict)


def test_time_for_which_the_judge_stood_still_does_not_count():
    watch = Stopwatch(Usage(), Usage, 0.3, Budget(60))
    assert 0 < watch.left() <= 0.3
    time.sleep(1)
    assert watch.left() > 0
    time.sleep(0.4)
    assert watch.left() <= 0


def test_who_was_stopped_is_judged_again(engine, monkeypatch):
    """As a container is, or a computer that goes to sleep."""
    monkeypatch.setitem(globals(), "PIXELS", replace(PIXELS, limits=Limits(1, 1, 60)))

    def stop(session: Session) -> None:
        while not session._processes:
            time.sleep(0.01)
        os.kill(list(descendants(session._processes[0]._pid))[-1], signal.SIGSTOP)

    verdict = grade(engine, SLOW, stop)
    assert verdict.score == verdict.max_score, told(verdict)


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [
        ("time.sleep(60)", "gave no answer within 1 s"),
        ("while True: pass", "used 1 s of processor time without an answer"),
    ],
)
def test_what_ran_out_is_said(wait, sentence, engine, monkeypatch):
    monkeypatch.setitem(globals(), "PIXELS", replace(PIXELS, limits=Limits(1, 1, 60)))
    code = CODE + f"\nimport time\ndef label_counts(labels, num_classes=10):\n    {wait}\n"
    result = next(each for each in grade(engine, code).checks if each.name == "label_counts")
    assert (result.outcome, sentence in result.message) == ("timeout", True), result.message


def test_who_was_starved_is_judged_again_alone(engine, monkeypatch):
    """The machine gives it next to nothing, until it is alone."""
    core = cores()[0]
    monkeypatch.setitem(globals(), "PIXELS", replace(PIXELS, limits=Limits(1, 1, 60)))
    monkeypatch.setattr("grader.engine.judge.clock.LEAST_STRETCH", 1.5)
    monkeypatch.setattr("grader.engine.judge.clock.MOST_STRETCH", 1.5)
    others = hogs(8, core)
    others.__enter__()
    times = []

    @contextmanager
    def alone() -> Iterator[None]:
        times.append(time.monotonic())
        others.__exit__(None, None, None)
        monkeypatch.setattr("grader.engine.judge.clock.LEAST_STRETCH", 60)  # of other tests' processes we know nothing
        monkeypatch.setattr("grader.engine.judge.clock.MOST_STRETCH", 60)
        yield

    verdict = grade(engine, computing(0.6), core=core, alone=alone)
    assert len(times) == 1
    assert verdict.score == verdict.max_score, told(verdict)


def test_who_is_starved_for_good_gets_no_zero(engine, monkeypatch):
    core = cores()[0]
    monkeypatch.setitem(globals(), "PIXELS", replace(PIXELS, limits=Limits(1, 1, 60)))
    monkeypatch.setattr("grader.engine.judge.clock.LEAST_STRETCH", 1.5)
    monkeypatch.setattr("grader.engine.judge.clock.MOST_STRETCH", 1.5)
    with hogs(8, core):
        verdict = grade(engine, computing(0.6), core=core)
    assert verdict.outcome == "grader_error"
    assert "too busy" in verdict.message


def test_a_runner_cannot_leave_its_core_or_take_more_of_it(engine):
    code = (
        CODE
        + """
import ctypes, os
def label_counts(labels, num_classes=10):
    tried = []
    for attempt in (
        lambda: os.sched_setaffinity(0, range(os.cpu_count())),
        lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
        lambda: os.setsid(),
        lambda: os.nice(-5),
    ):
        try:
            attempt()
            tried.append("done")
        except OSError:
            tried.append("refused")
    raise ValueError(f"{sorted(os.sched_getaffinity(0))} {tried}")
"""
    )
    core = cores()[-1]
    verdict = grade(engine, code, core=core)
    (result,) = [each for each in verdict.checks if each.name == "label_counts"]
    assert f"[{core}] ['refused', 'refused', 'refused', 'refused']" in result.message

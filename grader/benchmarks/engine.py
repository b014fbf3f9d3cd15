"""Measures the README's figures: the engine, next to a peer in the same run, and the learner's loop."""

import ast
import os
import re
import select
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, Lesson, Runtime, find_lesson, ready_lessons
from grader.engine.judge.memory import resident
from grader.engine.judge.processes import Engine, Zygote
from grader.engine.judge.source import Source, read_source
from grader.engine.session import HOME_SEED, Session, load_checks

LAYERS = ("namespaces", "limits", "landlock", "seccomp")
FORKS, CHECKS, COLD_STARTS, SAVES = 20, 7, 3, 7
FRAME = 10_000  # characters: more than one redraw of the page, styles included
THINKING = 2.0  # seconds between a verdict and the next save
TRAINS = {  # the function that trains, by Keras exercise
    "dense": "train_model",
    "learning_curves": "fit_with_validation",
    "cnn": "train_cnn",
}
POINTS = re.compile(r"(\S+) of \d+ points(?: so far   training|   \d)")
STYLES = re.compile(r"\x1b\[[\d;]*m")
DIGITS = Path(sys.executable).with_name("digits")
IDENTITY = Source(b"def label_counts(labels, num_classes=10):\n    return labels\n", "bench.py")
COLD_KERAS = """
import keras, numpy
model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10)])
model.predict(numpy.zeros((8, 28, 28)), verbose=0)
"""

Figure = tuple[str, str]  # what was measured, and the result


def bench_engine() -> Iterator[Figure]:
    """Latency of runners, cost of isolation, time of checks from command to verdict, and memory."""
    for runtime in ("numpy", "tensorflow"):
        isolated, plain = first_answers(runtime, ()), first_answers(runtime, LAYERS)
        yield f"{runtime}: fork to the submission's code, isolated", milliseconds(isolated)
        yield f"{runtime}: the same, a plain fork", milliseconds(plain)
        added = statistics.median(isolated) - statistics.median(plain)
        yield f"{runtime}: isolation adds", f"{1000 * added:.0f} ms"
    yield "digits check pixels, second time, command to verdict", seconds(command_times("pixels"))
    yield "digits check dense without its training, second time", seconds(command_times("dense"))
    yield "a cold process that imports Keras and predicts once", seconds(cold_keras())
    yield from memory_of("dense")


def bench_loop() -> Iterator[Figure]:
    """Seconds from a save to the verdict in `digits watch` on a real terminal, without any training."""
    for lesson in ready_lessons():
        if lesson.runtime == "numpy" or lesson.slug in TRAINS:
            yield f"watch {lesson.slug}, save to verdict without training", seconds(save_times(lesson))


def save_times(lesson: Lesson) -> list[float]:
    """Save the reference repeatedly, each time after a version in which one function is not written.

    The clock stops when the page shows the verdict, or says that everything but the training is done.
    """
    whole = without_training(lesson)
    partial = not_written(whole, next(node.name for node in ast.parse(whole).body if isinstance(node, ast.FunctionDef)))
    times = []
    with TemporaryDirectory() as folder:
        path = lesson.exercise_path(Path(folder))
        path.parent.mkdir()
        path.write_text(partial, "utf-8")
        with watched(folder, lesson.slug) as page:
            page.wait_for_other_points()
            for _ in range(SAVES):
                times.append(time_of_save(page, path, whole))
                time_of_save(page, path, partial)
    return times


def time_of_save(page: "WatchedPage", path: Path, text: str) -> float:
    page.rest(THINKING)
    path.write_text(text, "utf-8")
    started = time.perf_counter()
    page.wait_for_other_points()
    return time.perf_counter() - started


class WatchedPage:
    """The points that `digits watch` shows on its terminal."""

    def __init__(self, terminal: int) -> None:
        self._terminal, self._shown, self._points = terminal, "", ""

    def rest(self, seconds: float) -> None:
        """Follow what is shown for a while."""
        until = time.monotonic() + seconds
        while select.select([self._terminal], [], [], max(0, until - time.monotonic()))[0]:
            self._read()

    def wait_for_other_points(self) -> None:
        before = self._points
        while self._points == before:
            self._read()

    def _read(self) -> None:
        self._shown = (self._shown + os.read(self._terminal, 65536).decode("utf-8", "ignore"))[-FRAME:]
        self._points = (POINTS.findall(STYLES.sub("", self._shown)) or [self._points])[-1]


@contextmanager
def watched(folder: str, exercise: str) -> Iterator[WatchedPage]:
    """Run `digits watch` on a terminal."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    command = [str(DIGITS), "watch", exercise]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        yield WatchedPage(ours)
    finally:
        process.terminate()
        process.wait()
        os.close(ours)


def first_answers(runtime: Runtime, disabled_layers: tuple[str, ...]) -> list[float]:
    """Seconds from requesting a runner to the first answer of the submission's code."""
    lesson = find_lesson("pixels" if runtime == "numpy" else "dense")
    times = []
    with Engine(lambda name: Zygote.private(name, disabled_layers)) as engine:
        engine.tier(runtime)
        for _ in range(FORKS):
            started = time.perf_counter()
            with Session(lesson, IDENTITY, engine) as session:
                session.load()
                times.append(time.perf_counter() - started)
    return times


def command_times(exercise: str) -> list[float]:
    """Seconds of `digits check` in a workspace whose Keras exercise has no training function; the first is cold."""
    lesson = find_lesson(exercise)
    with TemporaryDirectory() as folder:
        path = lesson.exercise_path(Path(folder))
        path.parent.mkdir()
        path.write_text(without_training(lesson), "utf-8")
        return timed(lambda: run(DIGITS, "check", exercise, folder=folder), CHECKS)


def without_training(lesson: Lesson) -> str:
    """The reference, with its training function (if it has one) not written."""
    source, function = solution_path(lesson).read_text("utf-8"), TRAINS.get(lesson.slug)
    return not_written(source, function) if function else source


def not_written(source: str, function: str) -> str:
    return f"{source}\n\ndef {function}(*arguments, **keywords):\n    raise NotImplementedError\n"


def cold_keras() -> list[float]:
    return timed(lambda: run(sys.executable, "-c", COLD_KERAS), COLD_STARTS)


def memory_of(exercise: str) -> Iterator[Figure]:
    """Peak memory of judge and runner, and the zygote's private memory, while the reference is graded."""
    lesson = find_lesson(exercise)
    judge = run(sys.executable, "-c", JUDGE.format(path=str(solution_path(lesson)), exercise=exercise)).split()[-1]
    yield f"judge of {exercise}, peak memory", f"{int(judge) / 1024:.0f} MB"
    with Engine() as engine, Session(lesson, read_source(solution_path(lesson)), engine, HOME_SEED) as session:
        peaks = []
        for check in load_checks(lesson.checks_path):
            session.run(check)
            peaks.append(session.runner_peak)
        yield f"runner of {exercise}, peak memory", f"{max(peaks) / 2**20:.0f} MB"
        yield "zygote with TensorFlow, private memory", f"{resident(engine.zygote_pid(lesson.runtime)) / 2**20:.0f} MB"


JUDGE = """
from pathlib import Path
from grader.cli.app import run
run(["grade", {path!r}, "--exercise", {exercise!r}, "--json"])
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def run(*command: object, folder: str | Path = REPOSITORY) -> str:
    """The output of a command."""
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, cwd=folder, check=True, capture_output=True, text=True).stdout


def timed(action: Callable[[], object], times: int) -> list[float]:
    """The seconds of several runs, after one that does not count."""
    action()
    measured = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        measured.append(time.perf_counter() - started)
    return measured


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.0f} ms  ({1000 * min(times):.0f} to {1000 * max(times):.0f})"


def seconds(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} s  ({min(times):.2f} to {max(times):.2f})"

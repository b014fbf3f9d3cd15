"""Measures `digits class grade` with growing classes: time, memory of the main process, and workers of a cluster."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, find_lesson

SIZES = (100, 1000, 10_000)
NETWORKS = 300
CLUSTER_CLASS = 300
ROUNDS = 3
ARITHMETIC, TRAINING = "pixels", "dense"  # an exercise that needs only NumPy, and one that trains
DIGITS = Path(sys.executable).with_name("digits")
DASK = [sys.executable, "-m", "dask"]
SCHEDULER = [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
WORKER = [*DASK, "worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
SOON = 60  # seconds for a cluster to start
MEBIBYTE = 1024  # in kibibytes, as /proc gives them


def bench_growth() -> Iterator[tuple[str, str]]:
    """Grade classes of growing size, each of them again when there is nothing left to do, a class that trains
    networks, and one with one worker of a cluster and with two."""
    for size in SIZES:
        yield from bench_size(size, ARITHMETIC)
    yield from bench_size(NETWORKS, TRAINING)
    yield from bench_workers()


def bench_size(size: int, exercise: str) -> Iterator[tuple[str, str]]:
    with TemporaryDirectory(prefix="digits-class-") as course:
        write_submissions(Path(course), size, exercise)
        seconds, peak = grade(course)
        yield f"{size:,} submissions of {exercise}", f"{seconds:.1f} s, {size / seconds:.2f} a second"
        yield f"{size:,} submissions: peak memory of the main process", f"{peak / MEBIBYTE:.0f} MB"
        seconds, _ = grade(course)
        yield f"{size:,} submissions, all graded before", f"{seconds:.1f} s"


def bench_workers() -> Iterator[tuple[str, str]]:
    """Grade the same class with one worker and with two, in turns; each worker has one core of its own."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        yield "two workers of a cluster", "need two cores"
        return
    gains = []
    for _ in range(ROUNDS):
        seconds = []
        for count in (1, 2):
            with TemporaryDirectory(prefix="digits-class-") as course, cluster(cores[:count]) as address:
                write_submissions(Path(course), CLUSTER_CLASS, ARITHMETIC)
                taken, _ = grade(course, "--cluster", address)
            seconds.append(taken)
            workers = "one worker" if count == 1 else "two workers"
            yield f"{CLUSTER_CLASS} submissions of {ARITHMETIC}, {workers} of a cluster", f"{taken:.1f} s"
        gains.append(seconds[0] / seconds[1])
    yield "two workers of a cluster", f"{sorted(gains)[ROUNDS // 2]:.2f} times as fast as one"


@contextmanager
def cluster(cores: Sequence[int]) -> Iterator[str]:
    """A Dask cluster on this machine, with a worker bound to each of these cores; yields its address."""
    with TemporaryDirectory(prefix="digits-cluster-") as place:
        told, log = Path(place) / "scheduler", (Path(place) / "log").open("w")
        start = partial(subprocess.Popen, cwd=place, stdout=log, stderr=log)
        option = ["--scheduler-file", str(told)]
        processes = [start([*SCHEDULER, *option])]
        try:
            deadline = time.monotonic() + SOON
            while not told.is_file() or not told.read_text().endswith("}"):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the scheduler has not started within {SOON} s")
                time.sleep(0.05)
            address = json.loads(told.read_text())["address"]
            for core in cores:
                processes.append(start([*WORKER, *option], preexec_fn=partial(os.sched_setaffinity, 0, {core})))
            from distributed import Client

            with Client(address, set_as_default=False) as client:
                client.wait_for_workers(len(cores), timeout=SOON)
            yield address
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()
            log.close()


def write_submissions(course: Path, size: int, exercise: str) -> None:
    """Right and wrong submissions in turn, no two of them alike."""
    lesson = find_lesson(exercise)
    works = [solution_path(lesson), *sorted((REPOSITORY / "tests" / "mistakes" / lesson.stem).glob("*.py"))]
    for number, work in zip(range(size), itertools.cycle(works), strict=False):
        place = course / "submitted" / f"student{number:05}" / lesson.slug
        place.mkdir(parents=True)
        (place / f"{lesson.slug}.py").write_text(f"{work.read_text('utf-8')}\n# {number}\n", "utf-8")


def grade(course: str, *options: str) -> tuple[float, int]:
    """The seconds that a grading takes, and the peak memory of its main process in kibibytes."""
    command = [str(DIGITS), "class", "grade", course, "--seed", "0", *options]
    started = time.monotonic()
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, peak_memory(process.pid))
            time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"digits class grade ended with status {process.returncode}")
    return time.monotonic() - started, peak


def peak_memory(pid: int) -> int:
    """Of a process so far, in kibibytes; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)

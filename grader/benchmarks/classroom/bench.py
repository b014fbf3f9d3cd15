"""Measures `digits class grade` against its peers and with growing classes: time, and memory of the main process."""

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.authoring.stubs import solution_path
from grader.benchmarks.classroom.peers import bench_peers
from grader.course import REPOSITORY, find_lesson

NETWORKS = 30
SIZES = (10, 100, 1000)
EXERCISE = "pixels"
DIGITS = Path(sys.executable).with_name("digits")
MEBIBYTE = 1024  # in kibibytes, as /proc gives them


def bench_class(count: int = NETWORKS) -> Iterator[tuple[str, str]]:
    """Grade ``count`` networks, as the peers do, then classes of growing size whose exercise needs only NumPy."""
    yield from bench_peers(count)
    yield from bench_growth()


def bench_growth() -> Iterator[tuple[str, str]]:
    """Grade classes of growing size, and each of them again, when there is nothing left to do."""
    for size in SIZES:
        with TemporaryDirectory(prefix="digits-class-") as course:
            write_submissions(Path(course), size)
            seconds, peak = grade(course)
            yield f"{size} submissions of {EXERCISE}", f"{seconds:.1f} s, {size / seconds:.1f} a second"
            yield f"{size} submissions: peak memory of the main process", f"{peak / MEBIBYTE:.0f} MB"
            seconds, _ = grade(course)
            yield f"{size} submissions, all graded before", f"{seconds:.1f} s"


def write_submissions(course: Path, size: int) -> None:
    """Right and wrong submissions in turn, no two of them alike."""
    lesson = find_lesson(EXERCISE)
    works = [solution_path(lesson), *sorted((REPOSITORY / "tests" / "mistakes" / lesson.stem).glob("*.py"))]
    for number, work in zip(range(size), itertools.cycle(works), strict=False):
        place = course / "submitted" / f"student{number:04}" / lesson.slug
        place.mkdir(parents=True)
        (place / f"{lesson.slug}.py").write_text(f"{work.read_text('utf-8')}\n# {number}\n", "utf-8")


def grade(course: str) -> tuple[float, int]:
    """The seconds that a grading takes, and the peak memory of its main process in kibibytes."""
    started = time.monotonic()
    peak = 0
    with subprocess.Popen([DIGITS, "class", "grade", course, "--seed", "0"], stdout=subprocess.DEVNULL) as process:
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

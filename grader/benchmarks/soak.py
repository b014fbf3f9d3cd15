"""Grades hundreds of honest and hostile submissions in a row and looks for leaks, and for honest work that suffers."""

import itertools
import os
import queue
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.stubs import solution_path
from grader.course import REPOSITORY, Limits, find_lesson
from grader.engine.judge.processes import Engine
from grader.engine.judge.processors import cores, descendants
from grader.engine.judge.source import Source
from grader.engine.session import Session

LIMITS = Limits(seconds=2, training_seconds=20, total_seconds=20)
AT_A_TIME = 2
ALONE = 20  # honest submissions that are timed before the rest


@dataclass(frozen=True)
class Figures:
    """The resources in use after a number of submissions."""

    graded: int
    seconds: float
    judge_megabytes: float
    descriptors: int
    processes: int
    temporary_files: int
    wrong: int  # honest submissions without full marks, and hostile ones with full marks
    honest_alone: float  # seconds, the median of honest submissions graded one at a time
    honest_beside: float  # of honest submissions graded beside others
    slowest: float  # of those


def soak(count: int, every: int, on_figures: Callable[[Figures], None]) -> Figures:
    """Grade ``count`` submissions of pixels, two at a time, and report after each batch of ``every``.

    Every second one is the reference; the others alternate between attacks and mistakes.

    Raises:
        ValueError: ``count`` is smaller than one batch.
    """
    lesson = replace(find_lesson("pixels"), limits=LIMITS)
    if count < every:
        raise ValueError(f"{count} submissions are fewer than one batch of {every}.")
    wrong, known = 0, itertools.cycle(cores() or [None])
    free: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    for core in itertools.islice(known, AT_A_TIME):
        free.put(core)
    with Engine() as engine, ThreadPoolExecutor(AT_A_TIME) as pool:
        engine.tier(lesson.runtime)

        def grade(job: tuple[Source, bool], seconds: list[float]) -> bool:
            """Whether the verdict is right; the time of an honest submission goes to the end of ``seconds``."""
            (source, honest), core = job, free.get()
            with Session(lesson, source, engine, core=core) as session:
                verdict = session.verdict()
            free.put(core)
            if honest:
                seconds.append(verdict.seconds)
            return (verdict.score == verdict.max_score) == honest

        jobs, alone, beside = submissions(), list[float](), list[float]()
        honest = next(jobs)
        for _ in range(ALONE):
            grade(honest, alone)
        started = time.monotonic()
        for done in range(every, count + 1, every):
            rights = pool.map(lambda job: grade(job, beside), itertools.islice(jobs, every))
            wrong += sum(not right for right in rights)
            figures = look(done, time.monotonic() - started, wrong, alone, beside)
            on_figures(figures)
    return figures


def submissions() -> Iterator[tuple[Source, bool]]:
    """The reference, alternating with every hostile or incorrect submission of pixels, in an endless cycle."""
    honest = Source(solution_path(find_lesson("pixels")).read_bytes(), "honest.py")
    folders = [REPOSITORY / "tests" / "attacks", REPOSITORY / "tests" / "mistakes" / "01_pixels"]
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    for path in itertools.cycle(path for path in paths if is_for_pixels(path)):
        yield honest, True
        yield Source(path.read_bytes(), path.name), False


def is_for_pixels(path: Path) -> bool:
    expected = path.with_name("expected.toml")
    return not expected.is_file() or 'exercise = "pixels"' in expected.read_text("utf-8")


def look(graded: int, seconds: float, wrong: int, alone: list[float], beside: list[float]) -> Figures:
    """Count the resources that this process and its children hold.

    Args:
        alone, beside: the seconds of honest submissions.
    """
    temporary = [path for path in Path("/tmp").glob("digits-*") if path.is_dir()]
    return Figures(
        graded=graded,
        seconds=seconds,
        judge_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        descriptors=len(os.listdir("/proc/self/fd")),
        processes=sum(1 for _ in descendants(os.getpid())) - 1,
        temporary_files=sum(1 for folder in temporary for _ in folder.rglob("*")),
        wrong=wrong,
        honest_alone=statistics.median(alone),
        honest_beside=statistics.median(beside),
        slowest=max(beside),
    )

"""The cost of grading a class: time, processor time and memory, of all processes together."""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from grader.engine.judge.memory import proportional
from grader.engine.judge.processors import descendants

SECONDS_BETWEEN_LOOKS = 0.1
LOOKS_PER_MEMORY = 20  # memory at every 20th look: each stops a process for milliseconds, and some graders have many
TICKS = os.sysconf("SC_CLK_TCK")
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = os.environ | {
    "CUDA_VISIBLE_DEVICES": "-1",
    "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@dataclass(frozen=True)
class Cost:
    """Seconds, and the peak number of bytes, in which pages that processes share are counted once."""

    seconds: float
    processor: float
    memory: int
    start: float = 0  # the seconds before the work began, if they are known


def figure(costs: list[Cost], count: int) -> str:
    """The cost of grading so many submissions, in words: the median of several runs."""
    seconds = [cost.seconds for cost in costs]
    cost = sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]
    spread = f" ({min(seconds):.1f} to {max(seconds):.1f})" if len(costs) > 1 else ""
    start = f", of which {cost.start:.1f} s to start up" if cost.start else ""
    used = f"{cost.processor:.0f} s of CPU time; {cost.memory / 2**20:.0f} MB"
    return f"{cost.seconds:.1f} s{spread}{start}; {60 * count / cost.seconds:.1f} per minute; {used}"


def ratio(costs: list[Cost], others: list[Cost]) -> str:
    """How many times as much as others some runs cost that took turns with them: medians, also without the start of
    the others."""
    pairs = list(zip(costs, others, strict=True))
    whole = median(cost.seconds / other.seconds for cost, other in pairs)
    started = median(cost.seconds / (other.seconds - other.start) for cost, other in pairs)
    processor = median(cost.processor / other.processor for cost, other in pairs)
    return f"{whole:.2f} times the wall-clock time ({started:.2f} without startup), {processor:.2f} times the CPU time"


def measured(action: Callable[[], object]) -> Cost:
    """Measure an action that works in processes of its own, all of which have ended when it returns."""
    used: dict[tuple[int, str], float] = {}
    peak, ended = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        for number in itertools.count():
            _, *processes = descendants(os.getpid())
            used.update(filter(None, map(processor_seconds, processes)))
            if number % LOOKS_PER_MEMORY == 0:
                peak = max(peak, sum(map(proportional, processes)))
            if ended.wait(SECONDS_BETWEEN_LOOKS):
                return

    watch = threading.Thread(target=look)
    watch.start()
    started = time.monotonic()
    try:
        action()
    finally:
        seconds = time.monotonic() - started
        ended.set()
        watch.join()
    return Cost(seconds, sum(used.values()), peak)


def processor_seconds(pid: int) -> tuple[tuple[int, str], float] | None:
    """A process, as PID and start time, and its processor time so far. Nothing counts killed runners afterwards."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    user, system, start = fields[11], fields[12], fields[19]
    return (pid, start), (int(user) + int(system)) / TICKS


def run(*command: object, folder: Path, **variables: str) -> None:
    """Run a program.

    Raises:
        RuntimeError: it has failed; the message has the end of its output.
    """
    arguments = [str(part) for part in command]
    done = subprocess.run(
        arguments, cwd=folder, env=ENVIRONMENT | variables, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{arguments[0]} ended with status {done.returncode}: {said}")

"""What grading a class costs, whoever does it: wall time, processor time and memory of all its processes together."""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.engine.memory import descendants, proportional

SECONDS_BETWEEN_LOOKS = 0.1
LOOKS_AT_MEMORY = 5  # every so many; it takes the kernel longer
TICKS = os.sysconf("SC_CLK_TCK")
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = os.environ | {
    "CUDA_VISIBLE_DEVICES": "-1",
    "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@dataclass(frozen=True)
class Cost:
    """Seconds, and bytes at most: pages that processes share are counted once."""

    seconds: float
    processor: float
    memory: int
    start: float = 0  # how many of the seconds went by before the work began, where that is known

    def figure(self, count: int) -> str:
        rate, memory = 60 * count / self.seconds, self.memory / 2**20
        start = f" ({self.start:.1f} to start)" if self.start else ""
        used = f"{self.processor:.0f} s of processors; {memory:.0f} MB"
        return f"{self.seconds:.1f} s{start}, {rate:.1f} a minute; {used}"

    def over(self, other: "Cost") -> str:
        """This one's seconds over another's; also without what that one took to start."""
        whole, started = self.seconds / other.seconds, self.seconds / (other.seconds - other.start)
        processor = self.processor / other.processor
        return f"{whole:.2f} by the clock ({started:.2f} without its start), {processor:.2f} of processors"


def measured(action: Callable[[], object]) -> Cost:
    """Carry out something that works in processes of its own, and has ended them all when it returns."""
    used: dict[tuple[int, str], float] = {}
    peak, ended = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        for number in itertools.count():
            _, *processes = descendants(os.getpid())
            used.update(filter(None, map(processor_seconds, processes)))
            if number % LOOKS_AT_MEMORY == 0:
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
    """Of one process so far, behind what tells it from others; a killed runner is in nobody's account afterwards."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    user, system, began = fields[11], fields[12], fields[19]
    return (pid, began), (int(user) + int(system)) / TICKS


def run(*command: object, folder: Path, **variables: str) -> None:
    """Run a program.

    Raises:
        RuntimeError: it has failed; with the end of what it printed.
    """
    arguments = [str(part) for part in command]
    done = subprocess.run(
        arguments, cwd=folder, env=ENVIRONMENT | variables, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{arguments[0]} ended with status {done.returncode}: {said}")

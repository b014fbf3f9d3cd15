"""What a runner and all that it has started have had of the processors, as the kernel counts it in /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

from grader.engine.wire.accounts import Usage

TICK = 1 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.01  # seconds
NANOSECOND = 1e-9
IS_COUNTED = Path("/proc/self/stat").exists()


def cores() -> list[int]:
    """The numbers of the cores that this process may use; none where processes cannot be bound to cores."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def some_core() -> int | None:
    """One of them: most often another one in two processes that are started one after the other."""
    known = cores()
    return known[os.getpid() % len(known)] if known else None


def usage(pid: int) -> Usage:
    """Look at a runner now; nothing but zeros where there is no /proc, or no such process."""
    processor, threads = 0.0, dict[int, tuple[float, float]]()
    for process in descendants(pid):
        processor += _processor(process)
        threads |= _threads(process)
    return Usage(processor, threads, _cores_of(pid))


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it has started, directly or not; itself first."""
    waiting = [pid]
    while waiting:
        pid = waiting.pop()
        yield pid
        try:
            children = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
        except OSError:
            continue
        waiting += map(int, " ".join(children).split())


def _processor(pid: int) -> float:
    """Seconds of processor time of a process and of all its ended children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) * TICK  # in user mode and in the kernel, of itself and of its children


def _threads(pid: int) -> dict[int, tuple[float, float]]:
    """By the id of each thread of a process: the seconds for which it ran, and waited to run."""
    found = {}
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            ran, waited, _ = map(int, (thread / "schedstat").read_text().split())
            found[int(thread.name)] = ran * NANOSECOND, waited * NANOSECOND
    except (OSError, ValueError):
        pass  # it has ended, or the kernel does not count
    return found


def _cores_of(pid: int) -> int:
    """How many cores a process may use."""
    try:
        return len(os.sched_getaffinity(pid))
    except (OSError, AttributeError):
        return os.cpu_count() or 1

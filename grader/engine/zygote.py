"""The zygote: imports the libraries once, never computes with them, and forks a runner for each request.

Importing TensorFlow takes seconds; a fork takes milliseconds. A child of a process that has only *imported* TensorFlow
works; after a single operation it would hang, and with a second thread it might. Hence the rules: import, run nothing,
and refuse to fork with more than one thread.

On the control socket the zygote first says ``ready TIER``. The judge then writes ``fork`` (and passes the runner's end
of a fresh socket along) or ``end PID``; the zygote answers with a line each: the process id or an error, or how the
runner ended.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import threading
import warnings
from pathlib import Path

from grader.engine.channel import Channel
from grader.engine.isolation import Tier, confine, landlock, root
from grader.engine.isolation.confine import CannotConfine, Confined, Confiner, Walls
from grader.engine.runner import serve

LIBRARIES = {"numpy": ("numpy",), "tensorflow": ("numpy", "tensorflow", "keras")}


def main() -> None:
    runtime, descriptor, missing_walls = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is for the judge, who closes the control socket
    warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12, about forking with threads: there are none
    import_libraries(runtime)
    as_root = os.geteuid() == 0
    tier = enter_tier(Path.cwd())
    confiner = Confiner(tier, runtime, as_root, Walls(**dict.fromkeys(missing_walls, False)))
    gc.freeze()  # so that a collection in a child does not copy every page
    control.sendall(f"ready {tier}\n".encode())
    answer(control, confiner)


def answer(control: socket.socket, confiner: Confiner) -> None:
    """Fork and end runners as asked, until the judge closes the socket or talks nonsense."""
    runners: dict[int, Confined] = {}
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        match command.split():
            case [b"fork"] if descriptors:
                try:
                    runner = fork(confiner, descriptors[0])
                    runners[runner.pid] = runner
                    control.sendall(b"%d\n" % runner.pid)
                except (CannotConfine, OSError) as error:
                    control.sendall(f"error {error}\n".replace("\n", " ").strip().encode() + b"\n")
                os.close(descriptors[0])
            case [b"end", pid] if int(pid) in runners:
                control.sendall(b"%d\n" % confine.end(runners.pop(int(pid))))
            case _:
                break
    for runner in runners.values():
        confine.end(runner)


def import_libraries(runtime: str) -> None:
    """Import what submissions need and what the runner needs, with one thread."""
    for library in LIBRARIES[runtime]:
        importlib.import_module(library)
    if runtime == "tensorflow":
        from grader.engine import models, training  # noqa: F401


def enter_tier(place: Path) -> Tier:
    """Put up the walls around the zygote itself, as strong as this machine allows; returns the tier for its runners."""
    if sys.platform != "linux":
        return "none"
    try:
        root.enter(place)
        return "namespaces"
    except OSError:
        return "landlock" if landlock.version() else "none"


def fork(confiner: Confiner, descriptor: int) -> Confined:
    """Start a runner that serves the socket."""
    if threading.active_count() != 1 or count_threads() > 1:
        raise CannotConfine("the zygote has more than one thread and must not fork")
    return confiner.start(lambda: serve(Channel(socket.socket(fileno=descriptor))), descriptor)


def count_threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1  # no /proc: threading's own count must do


if __name__ == "__main__":
    main()

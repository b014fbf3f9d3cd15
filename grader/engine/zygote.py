"""The zygote: imports the libraries once, never computes with them, and forks a runner for each request.

Importing TensorFlow takes seconds; a fork takes milliseconds. A child of a process that has only *imported* TensorFlow
works; after a single operation it would hang, and with a second thread it might. Hence the rules: import, run nothing,
and refuse to fork with more than one thread.

On the control socket the judge writes ``fork`` (and passes the runner's end of a fresh socket along) or ``end PID``;
the zygote answers with a line each: the process id, or how the runner ended.
"""

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
import threading
import warnings

LIBRARIES = {"numpy": ("numpy",), "tensorflow": ("numpy", "tensorflow", "keras")}


def main() -> None:
    runtime, descriptor = sys.argv[1], int(sys.argv[2])
    control = socket.socket(fileno=descriptor)
    import_libraries(runtime)
    control.sendall(b"ready\n")
    children: set[int] = set()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is for the judge, who closes the control socket
    gc.freeze()  # so that a collection in a child does not copy every page
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 64, 1)
        match command.split():
            case [b"fork"] if descriptors:
                pid = fork(control, descriptors[0])
                children.add(pid)
                control.sendall(b"%d\n" % pid)
            case [b"end", pid] if int(pid) in children:
                children.discard(int(pid))
                control.sendall(b"%d\n" % end(int(pid)))
            case _:
                break
    for pid in children:
        end(pid)


def import_libraries(runtime: str) -> None:
    """Import what submissions need and what the runner needs, with one thread."""
    from grader.engine import runner  # noqa: F401

    for library in LIBRARIES[runtime]:
        importlib.import_module(library)
    if runtime == "tensorflow":
        from grader.engine import models, training  # noqa: F401


def fork(control: socket.socket, descriptor: int) -> int:
    """Fork a runner that serves the socket; returns its process id, in the zygote only."""
    if threading.active_count() != 1 or count_threads() > 1:
        raise RuntimeError("the zygote has more than one thread and must not fork")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    status = 1
    try:
        from grader.engine.channel import Channel
        from grader.engine.runner import serve

        control.close()
        os.setsid()  # so that whatever it starts can be ended with it
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        serve(Channel(socket.socket(fileno=descriptor)))
        status = 0
    finally:
        os._exit(status)


def end(pid: int) -> int:
    """Kill a runner and all in its session's process group; returns its exit status, negative for a signal.

    A runner that had already ended by itself keeps the status that it ended with.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def count_threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1  # no /proc: threading's own count must do


if __name__ == "__main__":
    main()
